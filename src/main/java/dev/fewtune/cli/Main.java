package dev.fewtune.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The program. Commands that need no server answer before the server is started. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        System.setOut(out);
        System.setErr(err);
        Optional<String> refusal = Platform.here().refusal();
        if (refusal.isPresent()) {
            err.println(refusal.get());
            System.exit(Commands.USAGE);
        }
        ProcessSettings.apply();
        System.exit(new Commands(out, err).line().execute(arguments.length == 0 ? new String[] {"serve"} : arguments));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
