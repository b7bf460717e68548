"""PyTorch training: steps on a batch in memory.

Usage: python training.py '{"model":"resnet18","size":224,"batchSize":16,"layout":"contiguous"}'
"""

import json
import sys

import torch
from networks import network
from turns import take_turns

options = json.loads(sys.argv[1])
size, batch, classes = options["size"], options["batchSize"], options.get("classes", 1000)
layout = torch.channels_last if options["layout"] == "channels_last" else torch.contiguous_format
device = options.get("device", "cpu")
if device != "cpu" and not torch.cuda.is_available():
    print(f"missing a GPU for {device}")
    sys.exit()
torch.backends.cudnn.allow_tf32 = options.get("tf32", True)
model = network(options["model"], classes).train().to(device, memory_format=layout)
forward = torch.compile(model) if options.get("compile") else model
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
pixels = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8)
labels = torch.arange(batch) % classes
mean = torch.tensor([0.485, 0.456, 0.406], device=device).view(1, 3, 1, 1) * 255
std = torch.tensor([0.229, 0.224, 0.225], device=device).view(1, 3, 1, 1) * 255


def step() -> float:
    images = ((pixels.to(device).float() - mean) / std).to(memory_format=layout)
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(forward(images), labels.to(device))
    loss.backward()
    optimizer.step()
    return loss.item()


if options.get("compile"):
    step()
place = f"{torch.get_num_threads()} threads" if device == "cpu" else torch.cuda.get_device_name()
take_turns(f"torch {torch.__version__}; {place}", step)
