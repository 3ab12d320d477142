"""Makes a tiny one-label classifier of each family with its tokenizer, and what transformers computes with it: make.py

Made with Python 3.11, torch 2.13.0, transformers 5.18.0, tokenizers 0.23.2, safetensors 0.8.0. Weights are random (fixed
seeds, standard deviation 0.1, classifier 0.5), stored as the family's entry below says; expected.json holds token ids, outputs
and gradient norms in float64, defined as in init/forward.json. Texts: ../tokenizer/cases.json.
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

HERE = pathlib.Path(__file__).parent
CASES = json.loads((HERE.parent / "tokenizer/cases.json").read_text())["cases"]
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
# What of each family is unlike the others, how its weights are stored, and how its files are.
FAMILIES = {
    "bert": dict(config=dict(hidden_act="gelu_pytorch_tanh"), dtype=torch.float16, bare_vocabulary=True),
    "roberta": dict(config=dict(type_vocab_size=1, layer_norm_eps=1e-5), dtype=torch.bfloat16),
    "xlm-roberta": dict(config=dict(type_vocab_size=1, hidden_act="gelu_new"), dtype=torch.float16, shards=3),
    "distilbert": dict(config=dict(), dtype=torch.float16),
    "ernie": dict(config=dict(hidden_act="relu", use_task_id=True, task_type_vocab_size=3), dtype=torch.bfloat16),
}
CHOSEN = {"accents, precomposed", "accents, combining marks", "empty title", "very long passage", "CJK ideographs", "numbers"}
QUERY, PASSAGE, CROSS = 12, 24, 64  # tokens


def texts():
    for case in CASES:
        yield from (case["query"], case["title"], case["text"])


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts(), trainers.WordPieceTrainer(vocab_size=280, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, False)
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")])
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(texts(), trainers.UnigramTrainer(
        vocab_size=280, special_tokens=special, unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def write_tokenizer(name, directory, bare_vocabulary):
    tokenizer = {"roberta": byte_level, "xlm-roberta": unigram}.get(name, lambda: word_piece(not bare_vocabulary))()
    config = {"roberta": {"tokenizer_class": "RobertaTokenizer"}, "xlm-roberta": {"tokenizer_class": "XLMRobertaTokenizer"},
              "distilbert": {"tokenizer_class": "DistilBertTokenizer"}}.get(
        name, {"tokenizer_class": "BertTokenizer", "do_lower_case": not bare_vocabulary})
    (directory / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
    if bare_vocabulary:
        pieces = sorted(tokenizer.get_vocab().items(), key=lambda piece: piece[1])
        (directory / "vocab.txt").write_text("".join(piece + "\n" for piece, _ in pieces))
    else:
        tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    return tokenizer


def write_model(name, directory, vocabulary, config, dtype, shards=1):
    padding = 1 if "roberta" in name else 0
    made = AutoConfig.for_model(
        name, vocab_size=vocabulary, max_position_embeddings=128 + (2 if padding else 0), pad_token_id=padding,
        num_labels=1, torch_dtype=str(dtype).removeprefix("torch."), **{
            {"intermediate_size": "hidden_dim"}.get(key, key) if name == "distilbert" else key: value
            for key, value in SIZES.items()}, **config)
    for dropout in ("hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout", "seq_classif_dropout"):
        if hasattr(made, dropout):
            setattr(made, dropout, 0.0)
    model = AutoModelForSequenceClassification.from_config(made, attn_implementation="eager").double()
    for parameter_name, parameter in model.named_parameters():
        scale = 0.5 if parameter_name.split(".")[0] == "classifier" else 0.1
        base = 1 if "norm.weight" in parameter_name.lower() else 0
        drawn = base + scale * torch.randn(parameter.shape, dtype=torch.float64)
        parameter.data = drawn.to(dtype).double()
    made.architectures = [type(model).__name__]
    made.save_pretrained(directory)
    weights = {key: value.to(dtype).contiguous() for key, value in model.named_parameters()}
    write_weights(directory, weights, shards)
    return model.eval()


def write_weights(directory, weights, shards):
    if shards == 1:
        return save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    names, weight_map = sorted(weights), {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        part = {name: weights[name] for name in names[shard::shards]}
        save_file(part, directory / file, metadata={"format": "pt"})
        weight_map.update({name: file for name in part})
    size = sum(weight.numel() * weight.element_size() for weight in weights.values())
    (directory / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": size}, "weight_map": weight_map}, indent=1) + "\n")


def encodings(tokenizer, cases):
    """Ids and types (0 throughout where the family's tokenizer gives no other), truncated as Tandem truncates."""
    def encode(limit, strategy, first, seconds=None):
        tokenizer.enable_truncation(limit, strategy=strategy)
        rows = first if seconds is None else list(zip(first, seconds))
        return [{"ids": row.ids, "types": row.type_ids} for row in tokenizer.encode_batch(rows)]

    queries = [case["query"] for case in cases]
    titles, bodies = [case["title"] for case in cases], [case["text"] for case in cases]
    return {
        "query": encode(QUERY, "longest_first", queries),
        "passage": encode(PASSAGE, "longest_first", titles, bodies),
        "cross": encode(CROSS, "only_second", queries, [title + " " + text for title, text in zip(titles, bodies)]),
    }


def forward(model, name, rows):
    length = max(len(row["ids"]) for row in rows)
    padding = model.config.pad_token_id
    ids = torch.tensor([row["ids"] + [padding] * (length - len(row["ids"])) for row in rows])
    mask = torch.tensor([[1] * len(row["ids"]) + [0] * (length - len(row["ids"])) for row in rows])
    inputs = {"input_ids": ids, "attention_mask": mask}
    if name != "distilbert":
        inputs["token_type_ids"] = torch.tensor([row["types"] + [0] * (length - len(row["types"])) for row in rows])
    return inputs, mask


def outputs(model, name, rows):
    inputs, mask = forward(model, name, rows)
    wide = mask.unsqueeze(2).double()

    def hidden():
        return model.base_model(**inputs).last_hidden_state

    functions = {
        "cls": lambda: hidden()[:, 0],
        "mean": lambda: (hidden() * wide).sum(1) / wide.sum(1),
        "logit": lambda: model(**inputs).logits,
    }
    results = {}
    for output, function in functions.items():
        model.zero_grad(set_to_none=True)
        value = function()
        columns = (torch.arange(value.shape[1], dtype=torch.float64) + 1) / value.shape[1]
        loss = (value * columns).square().sum() / value.shape[0]
        loss.backward()
        head = output == "logit"
        prefix = model.base_model_prefix + "."
        results[output] = {
            "output": [[round(x, 9) for x in row] for row in value.tolist()],
            "loss": loss.item(),
            "gradient_l2": {
                (key if head else key.removeprefix(prefix)): parameter.grad.norm().item()
                for key, parameter in model.named_parameters()
                if parameter.grad is not None},
        }
    return results


def main():
    cases = [case for case in CASES if case["name"] in CHOSEN]
    for seed, (name, family) in enumerate(FAMILIES.items()):
        torch.manual_seed(seed)
        directory = HERE / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        tokenizer = write_tokenizer(name, directory, family.pop("bare_vocabulary", False))
        model = write_model(name, directory, tokenizer.get_vocab_size(), **family)
        encoded = encodings(tokenizer, cases)
        check(directory, tokenizer, cases)
        with open(directory / "expected.json", "w") as file:
            json.dump({
                "queries": [case["query"] for case in cases],
                "passages": [[case["title"], case["text"]] for case in cases],
                "tokens": {"query": QUERY, "passage": PASSAGE, "cross": CROSS},
                "encodings": encoded,
                "outputs": outputs(model, name, encoded["cross"]),
            }, file)


def check(directory, tokenizer, cases):
    """The files as transformers reads them give the same ids."""
    read = AutoTokenizer.from_pretrained(directory)
    tokenizer.no_truncation()
    for case in cases:
        assert read(case["title"], case["text"])["input_ids"] == tokenizer.encode(case["title"], case["text"]).ids, case


main()
