package dev.fewtune.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The two writes on which the store's promise rests; a disk can be filled here without filling one. */
interface Disk {
    /** Returns once the content of a file lies on the disk. */
    void force(Path file) throws IOException;

    /** Gives a file its name in one step, within one file system. */
    void rename(Path from, Path to) throws IOException;

    Disk REAL = new Disk() {
        @Override
        public void force(Path file) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    };
}
