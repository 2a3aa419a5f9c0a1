"""The network of a float checkpoint in PyTorch on one thread, as a peer for `npm run bench:golden`.

    python3 scripts/bench-golden-peer.py net.safetensors image.bin [repeats] [model-run-logits.json]

Written from the description of the architecture. Three ways of running it:
  eager     every module as published: convolutions, Linears, batch norms, a loop over timesteps in the neurons
  folded    the same with the batch norms that can go into weights folded into them
  onednn    folded, and every convolution and Linear on oneDNN tensors with prepacked weights
Prints one JSON object: seconds of thread CPU time per image (least and median of the repeats), the BLAS in use, the
logits and the class of the image.
"""

import json
import os
import statistics
import struct
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch.utils import mkldnn as onednn_modules  # noqa: E402

EPSILON = 1e-5


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = {key: json.loads(value) for key, value in header.pop("__metadata__").items()}
    tensors = {}
    for key, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4)
        tensors[key] = flat.reshape(entry["shape"]).clone()
    return metadata, tensors


def lif(currents):
    """Leaky integrate and fire over the first axis: tau 2, decaying input, hard reset."""
    membrane = torch.zeros_like(currents[0])
    spikes = torch.empty_like(currents)
    for t in range(currents.shape[0]):
        charged = membrane + (currents[t] - membrane) / 2
        fired = (charged >= 1).to(currents.dtype)
        spikes[t] = fired
        membrane = charged * (1 - fired)
    return spikes


class Network:
    def __init__(self, config, tensors, mode):
        self.config = config
        self.tensors = tensors
        self.folds = mode != "eager"
        self.onednn = mode == "onednn"
        self.cache = {}

    def norm(self, key, x, axis):
        """Batch norm whose channels lie on `axis` of x."""
        tensors = self.tensors
        moved = x.movedim(axis, 1) if axis != 1 else x
        y = F.batch_norm(
            moved,
            tensors[key + ".running_mean"],
            tensors[key + ".running_var"],
            tensors[key + ".weight"],
            tensors[key + ".bias"],
            False,
            0.0,
            EPSILON,
        )
        return y.movedim(1, axis) if axis != 1 else y

    def weights(self, key, norm_key):
        """Weight and bias, with the batch norm of the outputs folded in where that is wanted."""
        if key in self.cache:
            return self.cache[key]
        tensors = self.tensors
        weight, bias = tensors[key + ".weight"], tensors.get(key + ".bias")
        if self.folds and norm_key is not None:
            scale = tensors[norm_key + ".weight"] / torch.sqrt(tensors[norm_key + ".running_var"] + EPSILON)
            start = torch.zeros_like(scale) if bias is None else bias
            bias = tensors[norm_key + ".bias"] + scale * (start - tensors[norm_key + ".running_mean"])
            weight = weight * scale.reshape([-1] + [1] * (weight.dim() - 1))
        self.cache[key] = (weight, bias)
        return self.cache[key]

    def packed(self, key, norm_key, stride=1, padding=0):
        """A module on oneDNN tensors."""
        name = key + ".packed"
        if name not in self.cache:
            weight, bias = self.weights(key, norm_key)
            if weight.dim() == 4:
                shape = (weight.shape[1], weight.shape[0], weight.shape[2])
                module = torch.nn.Conv2d(*shape, stride=stride, padding=padding, bias=bias is not None)
            else:
                module = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
            module.weight.data = weight
            if bias is not None:
                module.bias.data = bias
            self.cache[name] = onednn_modules.to_mkldnn(module.eval())
        return self.cache[name]

    def conv(self, key, norm_key, x, stride=1, padding=0):
        if self.onednn:
            return self.packed(key, norm_key, stride, padding)(x.contiguous().to_mkldnn()).to_dense()
        weight, bias = self.weights(key, norm_key)
        y = F.conv2d(x, weight, bias, stride, padding)
        return y if self.folds else self.norm(norm_key, y, 1)

    def linear(self, key, x):
        if self.onednn:
            return self.packed(key, None)(x.contiguous().to_mkldnn()).to_dense()
        weight, bias = self.weights(key, None)
        return F.linear(x, weight, bias)

    def encode(self, stage, x):
        key = f"to_patch_embedding.{stage}"
        if stage == 0:
            size = self.config["patch_size"]
            return self.conv(key + ".0", key + ".1", x, size)
        if not self.config["spe"]:
            return self.conv(key + ".0", key + ".1", x, 2)

        def cell(name, y, stride):
            return self.conv(f"{key}.{name}.0", f"{key}.{name}.1", y, stride, 1)

        n1 = cell("cell2node.0", x, 2)
        n2 = cell("cell2node.1", x, 2) + cell("node1_node2", lif(n1), 1)
        n3 = cell("cell2node.2", x, 2) + n1 + cell("node2_node3", lif(n2), 1)
        return torch.cat([n1, n2, n3], 1)

    def block(self, k, h, x):
        key = f"token_mix.{k}"
        own = x if self.config["spe"] else lif(self.norm(key + ".BN", x, 1))
        # [T, C, H, W]: the positions along the axis take the place of the channels
        along_h = lif(self.conv(key + ".proj_h.1", key + ".proj_h.2", x.permute(0, 2, 1, 3))).permute(0, 2, 1, 3)
        along_w = lif(self.conv(key + ".proj_w.1", key + ".proj_w.2", x.permute(0, 3, 1, 2))).permute(0, 2, 3, 1)
        tok = self.conv(key + ".fuse.0", key + ".fuse.1", torch.cat([own, along_h, along_w], 1))
        h_tok = h + tok
        x = lif(h_tok)
        net = f"channel_mix.{k}.1.net"
        rows = x.flatten(2).transpose(1, 2)  # [T, L, C]
        hidden = lif(self.norm(net + ".1", self.linear(net + ".0", rows), 1))
        channel = self.norm(net + ".4", self.linear(net + ".3", hidden), 1)
        return lif(h_tok + channel.transpose(1, 2).reshape(h_tok.shape))

    def run(self, pixels):
        config = self.config
        x = pixels.unsqueeze(0).repeat(config["T"], 1, 1, 1)
        k = 0
        for stage, depth in enumerate(config["depths"]):
            h = self.encode(stage, x)
            x = lif(h)
            for _ in range(depth):
                x = self.block(k, h, x)
                k += 1
        y = self.norm("batch_norm", x, 1).flatten(2).mean(2)
        return self.linear("mlp_head.1", y).mean(0)


def blas_name():
    with open("/proc/self/maps") as maps:
        files = {line.split("/", 1)[1].strip() for line in maps if "/" in line and "blas" in line.lower()}
    names = sorted({file.rsplit("/", 1)[1] for file in files})
    return ", ".join(names) or "none"


def main():
    path, image_path = sys.argv[1:3]
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    torch.set_num_threads(1)
    metadata, tensors = read_safetensors(path)
    size = metadata["image_size"]
    height, width = (size, size) if isinstance(size, int) else size
    with open(image_path, "rb") as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
    pixels = pixels[: metadata["in_channels"] * height * width].reshape(-1, height, width).float() / 255
    mean = torch.tensor(metadata["mean"]).reshape(-1, 1, 1)
    std = torch.tensor(metadata["std"]).reshape(-1, 1, 1)
    image = (pixels - mean) / std
    seconds = {}
    classes = {}
    with torch.no_grad():
        for mode in ("eager", "folded", "onednn"):
            network = Network(metadata, tensors, mode)
            logits = network.run(image)  # also packs and warms up
            classes[mode] = int(logits.argmax())
            times = []
            for _ in range(repeats):
                start = time.thread_time()
                network.run(image)
                times.append(time.thread_time() - start)
            seconds[mode] = {"least": min(times), "median": statistics.median(times)}
    report = {"torch": torch.__version__, "blas": blas_name(), "seconds": seconds, "classes": classes}
    print(json.dumps(report))


main()
