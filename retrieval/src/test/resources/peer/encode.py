"""Encodes and scores with sentence-transformers and transformers: encode.py TEXTS.json RESULT.json CHECKPOINT..."""
import json
import sys

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers import AutoModel, AutoTokenizer

texts, result, *checkpoints = sys.argv[1:]
with open(texts) as file:
    texts = json.load(file)
torch.set_num_threads(1)
FLOAT32 = {"dtype": torch.float32}  # whatever the weights are stored as
queries, passages = texts["queries"], [tuple(passage) for passage in texts["passages"]]


def first_tokens(model):
    """Last hidden state of each query's first token, as transformers alone gives it."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    inputs = tokenizer(queries, padding=True, truncation=True, max_length=texts["longest"], return_tensors="pt")
    with torch.no_grad():
        return AutoModel.from_pretrained(model, **FLOAT32)(**inputs).last_hidden_state[:, 0].tolist()


def results(checkpoint):
    retriever = SentenceTransformer(checkpoint + "/retriever", device="cpu", model_kwargs=FLOAT32)
    reranker = CrossEncoder(
        checkpoint + "/cross-encoder", device="cpu", activation_fn=torch.nn.Identity(), model_kwargs=FLOAT32)
    return {
        "similarity": retriever.similarity_fn_name,
        "firstTokens": first_tokens(checkpoint + "/retriever"),
        "queries": retriever.encode(queries).tolist(),
        "passages": retriever.encode(passages).tolist(),
        "scores": reranker.predict([
            (query, title + " " + text) for query, (title, text) in zip(queries, passages)
        ]).tolist(),
    }


with open(result, "w") as file:
    json.dump({checkpoint: results(checkpoint) for checkpoint in checkpoints}, file)
