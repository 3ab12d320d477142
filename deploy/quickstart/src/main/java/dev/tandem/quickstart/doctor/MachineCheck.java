package dev.tandem.quickstart.doctor;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine this runs on: Java, system, cores, memory, disk, PyTorch and its devices. */
public final class MachineCheck {
    private static final int JAVA = 17;
    private static final long GIGABYTE = 1L << 30;
    private static final long MEMORY_OF_A_QUICKSTART = 8 * GIGABYTE;
    private static final long DISK_OF_A_QUICKSTART = 5 * GIGABYTE;

    private final Path home;

    /**
     * @param home directory of the quickstart's data; need not be there yet
     */
    public MachineCheck(Path home) {
        this.home = home.toAbsolutePath().normalize();
    }

    /** Looks at everything; the first use of PyTorch unpacks its native library. */
    public List<Finding> findings() {
        return List.of(java(), system(), cores(), memory(), disk(), pytorch());
    }

    private static Finding java() {
        int version = Runtime.version().feature();
        String found = "%d (%s)".formatted(version, System.getProperty("java.vendor"));
        return version >= JAVA
                ? Finding.fine("java", found)
                : Finding.problem("java", found, "Tandem needs %d or newer: set JAVA_HOME".formatted(JAVA));
    }

    private static Finding system() {
        String found = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return found.equals("Linux amd64")
                ? Finding.fine("system", found)
                : Finding.warning("system", found, "The build brings PyTorch for Linux x86-64 only");
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores >= 2
                ? Finding.fine("cores", Integer.toString(cores))
                : Finding.warning("cores", Integer.toString(cores), "The quickstart is made for two and more");
    }

    private static Finding memory() {
        long bytes = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return bytes >= MEMORY_OF_A_QUICKSTART
                ? Finding.fine("memory", gigabytes(bytes))
                : Finding.warning(
                        "memory",
                        gigabytes(bytes),
                        "The quickstart's processes take up to %s".formatted(gigabytes(MEMORY_OF_A_QUICKSTART)));
    }

    private Finding disk() {
        Path there = home;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            long bytes = Files.getFileStore(there).getUsableSpace();
            String found = "%s free in %s".formatted(gigabytes(bytes), home);
            if (!Files.isWritable(there)) {
                return Finding.problem(
                        "disk", there + " cannot be written", "Choose another by --home DIR or TANDEM_HOME");
            }
            return bytes >= DISK_OF_A_QUICKSTART
                    ? Finding.fine("disk", found)
                    : Finding.warning(
                            "disk",
                            found,
                            "A quickstart takes up to %s: free some, or choose another place by --home DIR"
                                    .formatted(gigabytes(DISK_OF_A_QUICKSTART)));
        } catch (IOException e) {
            return Finding.problem("disk", e.toString(), "Choose another place by --home DIR");
        }
    }

    private static Finding pytorch() {
        try {
            Engine engine = Engine.getInstance();
            int gpus = engine.getGpuCount();
            return Finding.fine(
                    "pytorch",
                    "%s, %s"
                            .formatted(
                                    engine.getVersion(),
                                    gpus == 0 ? "no GPU: models compute on the CPU" : gpus + " GPU"));
        } catch (RuntimeException | LinkageError e) { // a native library that does not load is an Error
            return Finding.problem(
                    "pytorch",
                    e.toString(),
                    "Its native library is unpacked below ~/.djl.ai: may that be written, and is this Linux x86-64 with glibc?");
        }
    }

    private static String gigabytes(long bytes) {
        return "%.1f GB".formatted((double) bytes / GIGABYTE);
    }
}
