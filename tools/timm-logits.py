"""Loads model folders with timm and writes their logits for the same uint8 pixels [n, h, w, c] on standard input.

Usage: python timm-logits.py <images> <folder>...
"""

import sys

from peers import timm, torch


def logits(folder, images, data):
    model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    record = model.pretrained_cfg
    channels, height, width = record["input_size"]
    pixels = torch.frombuffer(data, dtype=torch.uint8)
    pixels = pixels.view(images, height, width, channels).permute(0, 3, 1, 2).float() / 255
    mean = torch.tensor(record["mean"]).view(1, -1, 1, 1)
    std = torch.tensor(record["std"]).view(1, -1, 1, 1)
    with torch.inference_mode():
        return model((pixels - mean) / std)


images, folders = int(sys.argv[1]), sys.argv[2:]
data = bytearray(sys.stdin.buffer.read())
for folder in folders:
    sys.stdout.buffer.write(logits(folder, images, data).float().contiguous().numpy().tobytes())
