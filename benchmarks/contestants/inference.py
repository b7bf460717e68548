"""PyTorch inference on a batch of normalised images in memory.

Usage: python inference.py '{"model":"resnet18","size":224,"batchSize":32,"layout":"contiguous"}'
"""

import json
import sys

import torch
from networks import network
from turns import take_turns

options = json.loads(sys.argv[1])
size, batch = options["size"], options["batchSize"]
layout = torch.channels_last if options["layout"] == "channels_last" else torch.contiguous_format
model = network(options["model"], options.get("classes", 1000)).eval().to(memory_format=layout)
images = torch.randn(batch, 3, size, size).to(memory_format=layout)


@torch.inference_mode()
def step() -> torch.Tensor:
    return model(images)


take_turns(f"torch {torch.__version__}; {torch.get_num_threads()} threads", step)
