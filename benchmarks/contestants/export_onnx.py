"""Exports a network by PyTorch, for one batch size.

Usage: python export_onnx.py '{"model":"resnet18","size":224,"batchSize":32,"path":"resnet18.onnx"}'
"""

import json
import sys

import torch
from networks import network

options = json.loads(sys.argv[1])
model = network(options["model"], options.get("classes", 1000)).eval()
images = torch.randn(options["batchSize"], 3, options["size"], options["size"])
# The exporter that needs nothing besides PyTorch; it folds batch-norms.
torch.onnx.export(model, (images,), options["path"], dynamo=False)
