package dev.tandem.retrieval.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.tandem.retrieval.Passage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Texts to framed token ids, a batch per call, exactly as Hugging Face's tokenizers do it.
 *
 * <p>The native tokenizer only splits texts into pieces, and each text once as long as it is remembered. Cutting and
 * framing happen here. May be called from many threads.
 */
public final class Tokenizer implements AutoCloseable {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
    /** Any text that is no special token. */
    private static final String EXAMPLE = "a";

    private static final int TEXTS_PER_CALL = 256;
    private static final long CACHE_BYTES = 32L << 20;

    private final HuggingFaceTokenizer nativeTokenizer;
    private final long handle;
    /** Held while native memory is used, so that closing waits for it: a dangling handle would end the process. */
    private final Lock open;

    private final Lock closing;
    private final PieceCache cache = new PieceCache(CACHE_BYTES);
    private final Framing single;
    private final Framing pair;

    private Tokenizer(HuggingFaceTokenizer nativeTokenizer) {
        this.nativeTokenizer = nativeTokenizer;
        this.handle = nativeTokenizer.getHandle();
        ReadWriteLock lock = new ReentrantReadWriteLock();
        this.open = lock.readLock();
        this.closing = lock.writeLock();
        LIBRARY.disableTruncation(handle);
        LIBRARY.disablePadding(handle);
        this.single = framing(nativeTokenizer.encode(EXAMPLE, true, false), 1);
        this.pair = framing(nativeTokenizer.encode(EXAMPLE, EXAMPLE, true, false), 2);
    }

    private Framing framing(Encoding framed, int parts) {
        int pieces = nativeTokenizer.encode(EXAMPLE, false, false).getIds().length;
        TokenIds tokens = new TokenIds(toInts(framed.getIds()), toInts(framed.getTypeIds()));
        return Framing.of(tokens, framed.getSpecialTokenMask(), pieces, parts);
    }

    /** Opens the tokenizer of a model directory (tokenizer.json or vocab.txt). */
    public static Tokenizer open(Path directory) {
        return of(TokenizerFiles.read(directory));
    }

    public static Tokenizer of(TokenizerFiles files) {
        HuggingFaceTokenizer nativeTokenizer = nativeTokenizer(files);
        try {
            return new Tokenizer(nativeTokenizer);
        } catch (RuntimeException e) {
            nativeTokenizer.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer nativeTokenizer(TokenizerFiles files) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(files.tokenizerJson().getBytes(UTF_8)),
                    Map.of("truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the tokenizer", e);
        } catch (RuntimeException e) { // the library has no type of its own for what it cannot parse
            throw new IllegalArgumentException("Cannot open the tokenizer: " + e.getMessage(), e);
        }
    }

    /** Number of token types it gives: 1 where it does not tell the parts of a pair apart. */
    public int types() {
        return Math.max(single.types(), pair.types());
    }

    /** {@code [CLS] query [SEP]}, or as its family frames a text, at most {@code limit} tokens each. */
    public List<TokenIds> queries(List<String> texts, int limit) {
        int room = limit - single.added();
        requireRoom(room, limit);
        return pieces(texts).stream()
                .map(pieces -> single.frame(pieces, Math.min(pieces.length, room)))
                .toList();
    }

    /** {@code [CLS] title [SEP] text [SEP]} or the like, at most {@code limit} tokens each, the longer part cut first. */
    public List<TokenIds> passages(List<Passage> passages, int limit) {
        int room = limit - pair.added();
        requireRoom(room, limit);
        List<int[]> titles = pieces(passages.stream().map(Passage::title).toList());
        List<int[]> texts = pieces(passages.stream().map(Passage::text).toList());
        List<TokenIds> framed = new ArrayList<>(passages.size());
        for (int i = 0; i < passages.size(); i++) {
            int[] kept = longestFirst(titles.get(i).length, texts.get(i).length, room);
            framed.add(pair.frame(titles.get(i), kept[0], texts.get(i), kept[1]));
        }
        return framed;
    }

    /**
     * {@code [CLS] first [SEP] second [SEP]} or the like, at most {@code limit} tokens each, only the second part cut. A
     * first part that alone fills the limit is cut to half of it, where the library would refuse the pair.
     */
    public List<TokenIds> pairs(List<String> firsts, List<String> seconds, int limit) {
        int room = limit - pair.added();
        requireRoom(room, limit);
        List<int[]> firstPieces = pieces(firsts);
        List<int[]> secondPieces = pieces(seconds);
        List<TokenIds> framed = new ArrayList<>(firsts.size());
        for (int i = 0; i < firsts.size(); i++) {
            int first = firstPieces.get(i).length;
            int second = secondPieces.get(i).length;
            int keptFirst = first + Math.min(second, 1) <= room ? first : Math.max(room / 2, room - second);
            int keptSecond = Math.min(second, room - keptFirst);
            framed.add(pair.frame(firstPieces.get(i), keptFirst, secondPieces.get(i), keptSecond));
        }
        return framed;
    }

    /** How many of each part stay, as tokenizers' {@code LongestFirst} decides. */
    private static int[] longestFirst(int first, int second, int room) {
        int shorter = Math.min(first, second);
        int longer = Math.min(Math.max(first, second), Math.max(shorter, room - shorter));
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    /** The pieces of each text, unframed and uncut. */
    private List<int[]> pieces(List<String> texts) {
        Map<String, int[]> piecesByText = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String text : texts) {
            if (!piecesByText.containsKey(text)) {
                int[] held = cache.get(text);
                piecesByText.put(text, held);
                if (held == null) {
                    unknown.add(text);
                }
            }
        }
        for (int from = 0; from < unknown.size(); from += TEXTS_PER_CALL) {
            split(unknown.subList(from, Math.min(from + TEXTS_PER_CALL, unknown.size())), piecesByText);
        }
        return texts.stream().map(piecesByText::get).toList();
    }

    private void split(List<String> texts, Map<String, int[]> piecesByText) {
        open.lock();
        try {
            if (nativeTokenizer.isReleased()) {
                throw new IllegalStateException("This tokenizer is closed");
            }
            long[] encodings = LIBRARY.batchEncode(handle, texts.toArray(String[]::new), false);
            for (int i = 0; i < encodings.length; i++) {
                int[] pieces = toInts(LIBRARY.getTokenIds(encodings[i]));
                LIBRARY.deleteEncoding(encodings[i]);
                piecesByText.put(texts.get(i), pieces);
                cache.put(texts.get(i), pieces);
            }
        } finally {
            open.unlock();
        }
    }

    private static int[] toInts(long[] ids) {
        int[] ints = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ints[i] = (int) ids[i];
        }
        return ints;
    }

    private static void requireRoom(int room, int limit) {
        if (room < 2) {
            throw new IllegalArgumentException("Expected a limit that leaves room for text, found " + limit);
        }
    }

    @Override
    public void close() {
        closing.lock();
        try {
            nativeTokenizer.close();
        } finally {
            closing.unlock();
        }
    }
}
