"""Encodes and scores with sentence-transformers: encode.py CHECKPOINT TEXTS.json RESULT.json"""
import json
import sys

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer

checkpoint, texts, result = sys.argv[1:]
with open(texts) as file:
    texts = json.load(file)
torch.set_num_threads(1)
retriever = SentenceTransformer(checkpoint + "/retriever", device="cpu")
reranker = CrossEncoder(checkpoint + "/cross-encoder", device="cpu", activation_fn=torch.nn.Identity())
passages = [tuple(passage) for passage in texts["passages"]]
with open(result, "w") as file:
    json.dump({
        "similarity": retriever.similarity_fn_name,
        "queries": retriever.encode(texts["queries"]).tolist(),
        "passages": retriever.encode(passages).tolist(),
        "scores": reranker.predict([
            (query, title + " " + text) for query, (title, text) in zip(texts["queries"], passages)
        ]).tolist(),
    }, file)
