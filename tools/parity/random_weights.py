"""Random weights for networks of Keras."""

import keras
import numpy


def randomize(layers, random):
    """Gives batch-norms values of their own, and kernels the magnitude that a ReLU lets through."""
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            ranges = {"gamma": (0.5, 1), "beta": (-0.1, 0.1), "moving_mean": (-0.1, 0.1), "moving_variance": (0.5, 1.5)}
            layer.set_weights([random.uniform(*ranges[v.name], v.shape) for v in layer.weights])
        else:
            layer.set_weights([draw(random, v) for v in layer.weights])


def draw(random, variable):
    shape = tuple(variable.shape)
    if len(shape) == 1:
        return random.uniform(-0.1, 0.1, shape)
    inputs = shape[0] * shape[1] if shape[-1] == 1 and len(shape) == 4 else numpy.prod(shape[:-1])
    return random.standard_normal(shape, dtype=numpy.float32) * numpy.sqrt(2 / inputs)
