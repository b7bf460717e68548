"""Loads a model folder with timm and writes its logits for the uint8 pixels [n, h, w, c] on standard input.

Usage: python timm-logits.py <folder> <images>
"""

import sys

from peers import timm, torch

folder, images = sys.argv[1], int(sys.argv[2])
model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
record = model.pretrained_cfg
channels, height, width = record["input_size"]
pixels = torch.frombuffer(bytearray(sys.stdin.buffer.read()), dtype=torch.uint8)
pixels = pixels.view(images, height, width, channels).permute(0, 3, 1, 2).float() / 255
mean = torch.tensor(record["mean"]).view(1, -1, 1, 1)
std = torch.tensor(record["std"]).view(1, -1, 1, 1)
with torch.inference_mode():
    logits = model((pixels - mean) / std)
sys.stdout.buffer.write(logits.float().contiguous().numpy().tobytes())
