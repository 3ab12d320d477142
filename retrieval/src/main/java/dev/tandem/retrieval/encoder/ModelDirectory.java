package dev.tandem.retrieval.encoder;

import dev.tandem.retrieval.token.Tokenizer;
import dev.tandem.retrieval.token.TokenizerFiles;
import java.nio.file.Path;

/** A model's directory in the Hugging Face layout, its files checked against each other; no weight has been read yet. */
record ModelDirectory(Path path, BertConfig config, TokenizerFiles tokenizerFiles, BertWeights weights) {
    /** @param longest number of tokens that the model must be able to take */
    static ModelDirectory open(Path path, int longest) {
        BertConfig config = ConfigFile.read(path);
        if (longest > config.longest()) {
            throw new InvalidModelException(
                    "%s takes %d tokens, but encoding.json asks for %d. Shorten the lengths there or take another model."
                            .formatted(path, config.longest(), longest));
        }
        TokenizerFiles tokenizerFiles = tokenizerFiles(path, config);
        return new ModelDirectory(path, config, tokenizerFiles, BertWeights.open(path, config.family()));
    }

    private static TokenizerFiles tokenizerFiles(Path path, BertConfig config) {
        TokenizerFiles files;
        try {
            files = TokenizerFiles.read(path);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(e.getMessage(), e);
        }
        if (files.vocabularySize() > config.vocabulary()) {
            throw new InvalidModelException("%s: the tokenizer has %d pieces, but vocab_size is %d"
                    .formatted(path, files.vocabularySize(), config.vocabulary()));
        }
        return config.types() > 0 ? files : files.withoutTokenTypes();
    }

    /** Opens the tokenizer. */
    Tokenizer tokenizer() {
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.of(tokenizerFiles);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("%s: %s".formatted(path, e.getMessage()), e);
        }
        if (config.types() > 0 && tokenizer.types() > config.types()) {
            tokenizer.close();
            throw new InvalidModelException("%s: the tokenizer gives %d token types, but type_vocab_size is %d"
                    .formatted(path, tokenizer.types(), config.types()));
        }
        return tokenizer;
    }
}
