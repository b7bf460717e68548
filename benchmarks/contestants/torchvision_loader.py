"""torchvision on PIL images in torch's DataLoader with 2 worker processes that stay: passes over image files.

Usage: python torchvision_loader.py '{"list":"photos.json","batchSize":32,"jitter":{"brightness":0.4}}'
"""

import json
import sys

import PIL
from peers import torch, torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from turns import take_turns

options = json.loads(sys.argv[1])
with open(options["list"]) as file:
    photos = json.load(file)
augment = transforms.Compose(
    [
        transforms.RandomResizedCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(**options["jitter"]),
        transforms.PILToTensor(),
    ]
)


class Photos(Dataset):
    def __len__(self) -> int:
        return len(photos)

    def __getitem__(self, index: int):
        with Image.open(photos[index]["path"]) as image:
            return augment(image.convert("RGB")), photos[index]["label"]


if __name__ == "__main__":
    loader = DataLoader(
        Photos(), options["batchSize"], shuffle=True, num_workers=2, persistent_workers=True, prefetch_factor=2
    )

    def one_pass() -> None:
        count = sum(len(labels) for _, labels in loader)
        assert count == len(photos), count

    take_turns(f"torchvision {torchvision.__version__} torch {torch.__version__} Pillow {PIL.__version__}; 2 workers", one_pass)
