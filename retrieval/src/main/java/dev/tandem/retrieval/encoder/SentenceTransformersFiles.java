package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files beside a BertModel that tell sentence-transformers and text-embeddings-inference how to pool and compare. */
final class SentenceTransformersFiles {
    private static final String PACKAGE = "sentence_transformers.models.";

    private SentenceTransformersFiles() {}

    static void write(Path directory, EncodingConfig encoding, int dimension, int longest) {
        boolean cosine = encoding.similarity() == Similarity.COSINE;
        ArrayNode modules = JsonFiles.STRICT.createArrayNode();
        module(modules, "", "Transformer");
        module(modules, "1_Pooling", "Pooling");
        if (cosine) {
            module(modules, "2_Normalize", "Normalize");
            create(directory.resolve("2_Normalize"));
        }
        JsonFiles.write(directory.resolve("modules.json"), modules);
        JsonFiles.write(
                directory.resolve("1_Pooling/config.json"),
                JsonFiles.object()
                        .put("word_embedding_dimension", dimension)
                        .put("pooling_mode_cls_token", encoding.pooling() == Pooling.CLS)
                        .put("pooling_mode_mean_tokens", encoding.pooling() == Pooling.MEAN)
                        .put("pooling_mode_max_tokens", false)
                        .put("pooling_mode_mean_sqrt_len_tokens", false));
        JsonFiles.write(
                directory.resolve("sentence_bert_config.json"),
                JsonFiles.object().put("max_seq_length", longest).put("do_lower_case", false));
        var config = JsonFiles.object();
        config.putObject("prompts");
        config.putNull("default_prompt_name").put("similarity_fn_name", cosine ? "cosine" : "dot");
        JsonFiles.write(directory.resolve("config_sentence_transformers.json"), config);
    }

    private static void module(ArrayNode modules, String path, String type) {
        int index = modules.size();
        modules.addObject()
                .put("idx", index)
                .put("name", Integer.toString(index))
                .put("path", path)
                .put("type", PACKAGE + type);
    }

    private static void create(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
    }
}
