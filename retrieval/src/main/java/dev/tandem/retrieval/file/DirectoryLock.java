package dev.tandem.retrieval.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to use a directory alone, until it is closed or the process ends, however it ends: a lock that the system holds on
 * the file {@code lock} in it.
 */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes a directory, which is created where there is none.
     *
     * @param inUse what to say when somebody else has it
     * @throws IOException if somebody else has it, this process included, or it cannot be written
     */
    public static DirectoryLock take(Path directory, String inUse) throws IOException {
        Path lockFile = Files.createDirectories(directory).resolve("lock");
        FileChannel file = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(file)) {
            file.close();
            throw new IOException(inUse);
        }
        return new DirectoryLock(file);
    }

    private static boolean tryLock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
