package dev.fewtune.train;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Opens sessions, all with the same settings, because the thread pool belongs to the process. */
final class Sessions {
    private Sessions() {}

    static Session open(Graph graph) {
        ConfigProto settings = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(Runtime.getRuntime().availableProcessors())
                .setInterOpParallelismThreads(2)
                .setAllowSoftPlacement(true)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .build();
        return new Session(graph, settings);
    }
}
