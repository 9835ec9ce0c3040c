"""Writes a BERT of random weights as a folder that sentence-transformers opens."""

import json
import shutil
from pathlib import Path
from typing import Any

from models.embedders.weights import packaged_weights

DIMENSION = 32
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]


def write_tiny_model(folder: Path, *, seed: int = 1, include_prompt: bool = True, **prompts: Any) -> Path:
    """Make the model; `prompts` go into its configuration."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=DIMENSION, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, initializer_range=0.3
    )
    BertModel(config).save_pretrained(folder)
    for name in _TOKENIZER:
        shutil.copy(packaged_weights() / name, folder)
    pooling = {
        "word_embedding_dimension": DIMENSION,
        "pooling_mode_mean_tokens": True,
        "include_prompt": include_prompt,
    }
    _write(folder / "1_Pooling" / "config.json", pooling)
    _write(folder / "modules.json", _MODULES)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 48, "do_lower_case": False})
    _write(folder / "config_sentence_transformers.json", prompts)
    return folder


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content))
