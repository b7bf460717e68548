"""One PyTorch contestant: training steps on a batch in memory.

Usage: python training.py '{"model":"resnet18","size":224,"batchSize":16,"layout":"contiguous"}'
"""

import json
import sys
import time

from peers import timm, torch

options = json.loads(sys.argv[1])
torch.manual_seed(0)
layout = torch.channels_last if options.get("layout") == "channels_last" else torch.contiguous_format
model = timm.create_model(options["model"]).train().to(memory_format=layout)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
size, batch = options["size"], options["batchSize"]
pixels = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8)
labels = torch.arange(batch)
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1) * 255
std = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) * 255


def step():
    images = ((pixels.float() - mean) / std).to(memory_format=layout)
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


print("ready", flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps(times), flush=True)
