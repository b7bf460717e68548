"""Keras training on TensorFlow: steps of a compiled graph on a batch in memory, of the networks that Keras has.

Usage: python keras_training.py '{"model":"resnet50","size":224,"batchSize":8}'
"""

import importlib.util
import json
import os
import sys

from turns import take_turns

os.environ["KERAS_BACKEND"] = "tensorflow"
options = json.loads(sys.argv[1])
names = {"resnet50": "ResNet50", "vgg16": "VGG16", "mobilenetv2_100": "MobileNetV2"}
name = names.get(options["model"])
absent = [package for package in ("tensorflow", "keras") if importlib.util.find_spec(package) is None]
if absent or name is None:
    print(f"missing {absent[0]} is not installed" if absent else f"missing Keras has no {options['model']}")
    sys.exit()

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

size, batch = options["size"], options["batchSize"]
network = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classifier_activation=None)
inputs = keras.Input((size, size, 3), dtype="uint8")
normalized = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
model = keras.Model(inputs, network(normalized))
model.compile(
    optimizer=keras.optimizers.SGD(0.01, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    jit_compile=False,
)
pixels = np.random.randint(0, 256, (batch, size, size, 3), dtype=np.uint8)
labels = np.arange(batch) % 1000

take_turns(
    f"keras {keras.__version__}; tensorflow {tf.__version__}", lambda: model.train_on_batch(pixels, labels)
)
