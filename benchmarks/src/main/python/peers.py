"""Writes the files of torch.onnx that PeerComparison compares with: python3 peers.py FOLDER [NAME ...]

Needs torch, onnx, onnxscript and the libraries: x-transformers 1.9.2, token-shift-gpt 0.0.4, FLASH-pytorch 0.1.9 with
rotary-embedding-torch 0.3.0 (torch.onnx refuses the autocast of newer ones), and
block-recurrent-transformer-pytorch 0.4.4. Weights are random.
"""

import sys
from pathlib import Path

import torch

LENGTH = 1024


def token_shift_gpt():
    from token_shift_gpt import TokenShiftGPT

    return TokenShiftGPT(num_tokens=256, dim=512, max_seq_len=LENGTH, depth=12, ff_mult=8)


def decoder():
    from x_transformers import Decoder, TransformerWrapper

    layers = Decoder(dim=512, depth=12, heads=8)
    return TransformerWrapper(num_tokens=20000, max_seq_len=LENGTH, attn_layers=layers)


def flash():
    from flash_pytorch import FLASHTransformer

    return FLASHTransformer(
        num_tokens=20000, dim=512, depth=12, causal=True, group_size=256, query_key_dim=128,
        expansion_factor=2., norm_type='scalenorm', shift_tokens=True)


def block_recurrent():
    from block_recurrent_transformer_pytorch import BlockRecurrentTransformer

    return BlockRecurrentTransformer(
        num_tokens=20000, dim=512, depth=6, dim_head=64, heads=8, max_seq_len=LENGTH,
        block_width=512, num_state_vectors=512, recurrent_layers=(4,))


class Logits(torch.nn.Module):
    """A model whose only output is its logits; BlockRecurrentTransformer also returns memories and states."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens):
        outputs = self.model(tokens)
        return outputs[0] if isinstance(outputs, tuple) else outputs


SIZES = {0: torch.export.Dim('batch'), 1: torch.export.Dim('length', max=LENGTH)}
TRACED = {'tokens': {0: 'batch', 1: 'length'}}

# Decoders have any batch and length, the other models those of the example.
PEERS = {
    'token-shift-gpt-512x12': (token_shift_gpt, {'dynamo': True}),
    'x-transformers-decoder-512x12': (decoder, {'dynamo': True, 'dynamic_shapes': (SIZES,)}),
    'x-transformers-decoder-512x12-torchscript': (
        decoder, {'dynamo': False, 'input_names': ['tokens'], 'dynamic_axes': TRACED}),
    'flash-transformer-512x12': (flash, {'dynamo': True}),
    'block-recurrent-512x6': (block_recurrent, {'dynamo': True}),
}


def main(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or PEERS:
        build, options = PEERS[name]
        model = Logits(build()).eval()
        tokens = torch.randint(0, 256, (1, LENGTH))
        torch.onnx.export(model, (tokens,), str(folder / f'{name}.onnx'), **options)
        print(name, 'written', flush=True)


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
