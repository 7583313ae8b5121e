"""Tiny random networks as Transformers saves and computes them, for tests of weight readers and graphs.

Never part of the build. Usage:
    python models.py ../resources/models
Each folder gets config.json, model.safetensors and expected.json: input ids, masks, labels, and what Transformers makes
of them in float32. All dimensions differ, so that a mixed-up axis shows; biases and norms are random as well.
"""
import argparse
import json
import pathlib
import struct

import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    DistilBertConfig,
    DistilBertForMaskedLM,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    RobertaConfig,
    RobertaForMaskedLM,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = "norm" in name.lower() and name.endswith("weight")
            scale = 0.1 if norm or name.endswith("bias") else 0.4
            parameter.copy_(noise * scale + (1.0 if norm else 0.0))
    return model.eval()


def ids(rows, length, low, high, seed):
    return torch.randint(low, high, (rows, length), generator=torch.Generator().manual_seed(seed))


def padded(tokens, lengths, pad):
    """Token rows cut to their lengths, and the mask of what is left."""
    mask = (torch.arange(tokens.shape[1])[None, :] < torch.tensor(lengths)[:, None]).long()
    return torch.where(mask == 1, tokens, torch.full_like(tokens, pad)), mask


def numbers(value):
    if isinstance(value, dict):
        return {key: numbers(v) for key, v in value.items()}
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    if isinstance(value, list):
        return [numbers(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def save(target, model, expected, changes=None):
    target.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(target)
    (target / "generation_config.json").unlink(missing_ok=True)
    if changes:
        path = target / "config.json"
        config = json.loads(path.read_text())
        for key, value in changes.items():
            config.pop(key, None)
            if value is not None:
                config[key] = value
        path.write_text(json.dumps(config, indent=2) + "\n")
    check(target, model, expected)
    (target / "expected.json").write_text(json.dumps(numbers(expected)) + "\n")


def check(target, model, expected):
    """The saved folder computes the same."""
    again = type(model).from_pretrained(target).eval()
    given = {k: v for k, v in expected.items() if k not in ("logits", "loss", "hidden", "encoder_hidden")}
    with torch.no_grad():
        difference = (again(**given).logits - expected["logits"]).abs().max().item()
    assert difference == 0, (target, difference)


def t5(target, projection, tied):
    config = T5Config(
        vocab_size=37,
        d_model=12,
        d_kv=5,
        d_ff=20,
        num_layers=2,
        num_decoder_layers=3,
        num_heads=3,
        relative_attention_num_buckets=8,
        relative_attention_max_distance=16,
        feed_forward_proj=projection,
        tie_word_embeddings=tied,
        decoder_start_token_id=0,
        dropout_rate=0.0,
    )
    model = T5ForConditionalGeneration(config)
    if not tied:
        # Transformers 5 ties at construction whatever the configuration says, but keeps a head of its own from a file.
        model.lm_head.weight = torch.nn.Parameter(torch.empty(37, 12))
    randomise(model, 1)
    tokens, mask = padded(ids(3, 24, 2, 37, 2), [24, 11, 5], 0)
    labels, seen = padded(ids(3, 9, 2, 37, 3), [9, 4, 7], 0)
    decoder_ids = model.prepare_decoder_input_ids_from_labels(labels)
    labels = torch.where(seen == 1, labels, torch.full_like(labels, -100))
    given = {
        "input_ids": tokens,
        "attention_mask": mask,
        "decoder_input_ids": decoder_ids,
        "labels": labels,
    }
    with torch.no_grad():
        out = model(**given)
    expected = given | {
        "encoder_hidden": out.encoder_last_hidden_state,
        "logits": out.logits,
        "loss": out.loss.item(),
    }
    # As the published configurations of v1.1 and Flan say it.
    changes = None if tied else {"tie_word_embeddings": False, "scale_decoder_outputs": None}
    save(target, model, expected, changes)


def encoder(target, model, tokens, mask, types=None):
    given = {"input_ids": tokens, "attention_mask": mask}
    if types is not None:
        given["token_type_ids"] = types
    given["labels"] = torch.where((mask == 1) & (tokens % 3 == 0), (tokens + 7) % 39, torch.full_like(tokens, -100))
    with torch.no_grad():
        out = model(**given, output_hidden_states=True)
    expected = {"hidden": out.hidden_states[-1], "logits": out.logits, "loss": out.loss.item()}
    save(target, model, given | expected)


def bert(target):
    config = BertConfig(
        vocab_size=41,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
        max_position_embeddings=18,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    tokens, mask = padded(ids(3, 11, 3, 41, 5), [11, 6, 3], 0)
    encoder(target, randomise(BertForMaskedLM(config), 4), tokens, mask, (ids(3, 11, 0, 2, 6) * mask))


def roberta(target):
    config = RobertaConfig(
        vocab_size=43,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=18,
        max_position_embeddings=20,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    tokens, mask = padded(ids(3, 11, 3, 43, 8), [11, 7, 2], 1)
    encoder(target, randomise(RobertaForMaskedLM(config), 7), tokens, mask)


def distilbert(target):
    config = DistilBertConfig(
        vocab_size=39,
        dim=12,
        n_layers=2,
        n_heads=2,
        hidden_dim=22,
        max_position_embeddings=16,
        dropout=0.0,
        attention_dropout=0.0,
    )
    tokens, mask = padded(ids(3, 11, 3, 39, 10), [11, 5, 8], 0)
    encoder(target, randomise(DistilBertForMaskedLM(config), 9), tokens, mask)


def decoder(target, model, vocabulary, seed):
    tokens, mask = padded(ids(3, 10, 3, vocabulary, seed), [10, 6, 3], 0)
    given = {
        "input_ids": tokens,
        "attention_mask": mask,
        "labels": torch.where(mask == 1, tokens, torch.full_like(tokens, -100)),
    }
    with torch.no_grad():
        out = model(**given)
    save(target, model, given | {"logits": out.logits, "loss": out.loss.item()})


def llama(target):
    config = LlamaConfig(
        vocab_size=45,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=6,
        intermediate_size=28,
        max_position_embeddings=32,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        tie_word_embeddings=False,
    )
    decoder(target, randomise(LlamaForCausalLM(config), 11), 45, 12)


def qwen2(target):
    config = Qwen2Config(
        vocab_size=47,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=24,
        max_position_embeddings=32,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
        tie_word_embeddings=True,
    )
    decoder(target, randomise(Qwen2ForCausalLM(config), 13), 47, 14)


def interleaved(matrix, heads):
    """Rows of a query or key map in the order of llama2.c: the two partners of a rotation stand side by side."""
    rows, columns = matrix.shape
    return matrix.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


def llama2c(target):
    """The same network as a folder and in the one-file format of llama2.c (version 0)."""
    config = LlamaConfig(
        vocab_size=33,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=20,
        max_position_embeddings=16,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        tie_word_embeddings=True,
    )
    model = randomise(LlamaForCausalLM(config), 15)
    decoder(target, model, 33, 16)
    layers = model.model.layers
    with torch.no_grad():
        parts = [
            [model.model.embed_tokens.weight],
            [layer.input_layernorm.weight for layer in layers],
            [interleaved(layer.self_attn.q_proj.weight, 4) for layer in layers],
            [interleaved(layer.self_attn.k_proj.weight, 2) for layer in layers],
            [layer.self_attn.v_proj.weight for layer in layers],
            [layer.self_attn.o_proj.weight for layer in layers],
            [layer.post_attention_layernorm.weight for layer in layers],
            [layer.mlp.gate_proj.weight for layer in layers],
            [layer.mlp.down_proj.weight for layer in layers],
            [layer.mlp.up_proj.weight for layer in layers],
            [model.model.norm.weight],
            # Cosines and sines of [16 positions, 6 / 2 pairs], which readers leave out.
            [torch.zeros(16 * 3), torch.zeros(16 * 3)],
        ]
        with open(target / "model.bin", "wb") as out:
            out.write(struct.pack("<7i", 24, 20, 2, 4, 2, 33, 16))
            for part in parts:
                for tensor in part:
                    out.write(tensor.contiguous().numpy().astype("<f4").tobytes())


def rope(target):
    """Inverse frequencies of the kinds of rotary scaling that Fewtune knows, for heads of 16."""
    kinds = {
        "default": {"rope_type": "default", "rope_theta": 10000.0},
        "linear": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0},
        "llama3": {
            "rope_type": "llama3",
            "rope_theta": 500000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        },
    }
    cases = {}
    for kind, parameters in kinds.items():
        config = LlamaConfig(
            hidden_size=64, num_attention_heads=4, max_position_embeddings=512, rope_parameters=dict(parameters)
        )
        if kind == "default":
            frequencies = 1.0 / 10000.0 ** (torch.arange(0, 16, 2).float() / 16)
        else:
            frequencies, scale = ROPE_INIT_FUNCTIONS[kind](config, torch.device("cpu"))
            assert scale == 1.0
        cases[kind] = {"rope_parameters": parameters, "frequencies": frequencies}
    (target / "rope.json").write_text(json.dumps(numbers(cases), indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=pathlib.Path)
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    t5(target / "t5-v1_0", "relu", True)
    t5(target / "t5-v1_1", "gated-gelu", False)
    bert(target / "bert")
    roberta(target / "roberta")
    distilbert(target / "distilbert")
    llama(target / "llama")
    qwen2(target / "qwen2")
    llama2c(target / "llama2c")
    rope(target)


if __name__ == "__main__":
    main()
