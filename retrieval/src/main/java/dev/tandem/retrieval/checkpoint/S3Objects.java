package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of one bucket. Whatever goes wrong between here and there is an {@link IOException} that says so. */
final class S3Objects {
    /** Files above this are sent in parts of this size: S3 takes up to 5 GiB in one piece, and 10,000 pieces. */
    static final int PART_BYTES = 16 << 20;

    private final S3Client client;
    private final S3Location location;

    S3Objects(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
    }

    private <T> T call(Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (NoSuchKeyException e) {
            throw e; // an answer
        } catch (SdkException e) {
            throw new IOException(
                    ("The checkpoint store %s does not answer as it should: %s. Check that it is up, that bucket, endpoint"
                                    + " and region are right, and that the credentials allow to list, read and write it.")
                            .formatted(location, e.getMessage()),
                    e);
        }
    }

    /**
     * A small object; empty where there is none.
     *
     * @throws CheckpointCorruptedException if it is larger than that
     */
    Optional<byte[]> read(String key, int mostBytes) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in = get(key)) {
            long bytes = in.response().contentLength();
            if (bytes > mostBytes) {
                in.abort();
                throw tooLarge(key, bytes, mostBytes);
            }
            byte[] read = in.readAllBytes();
            requireWhole(key, read.length, bytes);
            return Optional.of(read);
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes an object to a file that is not there yet.
     *
     * @throws CheckpointCorruptedException if there is no such object, or it is of another size
     */
    void download(String key, Path file, long bytes) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in = get(key)) {
            if (in.response().contentLength() != bytes) {
                in.abort();
                throw new CheckpointCorruptedException("%s in %s has %d bytes, its manifest says %d"
                        .formatted(key, location, in.response().contentLength(), bytes));
            }
            requireWhole(key, Files.copy(in, file), bytes);
        } catch (NoSuchKeyException e) {
            throw new CheckpointCorruptedException("%s is missing in %s".formatted(key, location), e);
        }
    }

    /**
     * Writes an object whose size is not known to a file that is not there yet; returns whether there is one.
     *
     * @throws CheckpointCorruptedException if it is larger than that
     */
    boolean downloadAtMost(String key, Path file, long mostBytes) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in = get(key)) {
            long bytes = in.response().contentLength();
            if (bytes > mostBytes) {
                in.abort();
                throw tooLarge(key, bytes, mostBytes);
            }
            requireWhole(key, Files.copy(in, file), bytes);
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    private CheckpointCorruptedException tooLarge(String key, long bytes, long mostBytes) {
        return new CheckpointCorruptedException(
                "%s in %s has %d bytes, expected at most %d".formatted(key, location, bytes, mostBytes));
    }

    private ResponseInputStream<GetObjectResponse> get(String key) throws IOException {
        return call(() -> client.getObject(get -> get.bucket(location.bucket()).key(key)));
    }

    /** A connection that breaks says nothing about the object. */
    private void requireWhole(String key, long came, long bytes) throws IOException {
        if (came != bytes) {
            throw new IOException("%s in %s broke off after %d of %d bytes".formatted(key, location, came, bytes));
        }
    }

    void write(String key, byte[] bytes) throws IOException {
        call(() -> client.putObject(put -> put.bucket(location.bucket()).key(key), RequestBody.fromBytes(bytes)));
    }

    void upload(String key, Path file) throws IOException {
        if (Files.size(file) > PART_BYTES) {
            uploadInParts(key, file);
        } else {
            write(key, Files.readAllBytes(file));
        }
    }

    private void uploadInParts(String key, Path file) throws IOException {
        String upload = call(() -> client.createMultipartUpload(
                        create -> create.bucket(location.bucket()).key(key)))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] part = in.readNBytes(PART_BYTES); part.length > 0; part = in.readNBytes(PART_BYTES)) {
                parts.add(uploadPart(key, upload, parts.size() + 1, RequestBody.fromBytes(part)));
            }
        }
        call(() -> client.completeMultipartUpload(complete -> complete.bucket(location.bucket())
                .key(key)
                .uploadId(upload)
                .multipartUpload(completed -> completed.parts(parts))));
    }

    private CompletedPart uploadPart(String key, String upload, int number, RequestBody body) throws IOException {
        var response = call(() -> client.uploadPart(
                part -> part.bucket(location.bucket()).key(key).uploadId(upload).partNumber(number), body));
        return CompletedPart.builder().partNumber(number).eTag(response.eTag()).build();
    }

    /** Ends uploads in parts that nobody will complete. */
    void abortUploads(String prefix) throws IOException {
        List<MultipartUpload> begun = call(() ->
                client
                        .listMultipartUploadsPaginator(
                                list -> list.bucket(location.bucket()).prefix(prefix))
                        .uploads()
                        .stream()
                        .toList());
        for (MultipartUpload upload : begun) {
            call(() -> client.abortMultipartUpload(
                    abort -> abort.bucket(location.bucket()).key(upload.key()).uploadId(upload.uploadId())));
        }
    }

    /** Deletes an object; nothing happens where there is none. */
    void delete(String key) throws IOException {
        call(() ->
                client.deleteObject(delete -> delete.bucket(location.bucket()).key(key)));
    }

    /** All keys that begin so. */
    List<String> keys(String prefix) throws IOException {
        return call(() ->
                client
                        .listObjectsV2Paginator(
                                list -> list.bucket(location.bucket()).prefix(prefix))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .toList());
    }

    /** What stands between the prefix and the next slash, of all keys that have one. */
    List<String> folders(String prefix) throws IOException {
        return call(() -> client
                .listObjectsV2Paginator(
                        list -> list.bucket(location.bucket()).prefix(prefix).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .map(folder -> folder.substring(prefix.length(), folder.length() - 1))
                .toList());
    }
}
