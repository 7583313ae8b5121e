package dev.fewtune.method;

import dev.fewtune.graft.Embedded;
import dev.fewtune.graft.Given;
import dev.fewtune.graft.Graft;
import dev.fewtune.graft.Init;
import dev.fewtune.graft.Joint;
import dev.fewtune.graft.Made;
import dev.fewtune.graft.Pass;
import dev.fewtune.graft.Share;
import dev.fewtune.graft.Site;
import dev.fewtune.graft.Source;
import dev.fewtune.graft.Teacher;
import dev.fewtune.graft.Vars;
import dev.fewtune.spec.CellFailure;
import dev.fewtune.spec.MethodSpec;
import dev.fewtune.spec.MethodSpec.Confidence;
import dev.fewtune.spec.MethodSpec.Family;
import dev.fewtune.spec.MethodSpec.Fold;
import dev.fewtune.spec.Rates;
import dev.fewtune.spec.Setting;
import dev.fewtune.spec.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.family.TFloating;

/**
 * MPT: the prompt of task k is P ∘ (u_k v_k), with P [length, width] shared by all tasks, u_k [length, rank] and v_k [rank,
 * width]. Where several tasks are learned together, the plain prompts of an earlier step teach: the loss gets {@code
 * distill} times the divergence of the predictions and the squared difference of the last states. A single task starts from
 * what several have learned, its u and v from their means, which is the paper's, or from ones. Length (width + rank) + rank
 * width parameters, all of which but the single task's own are shared where tasks are learned together. The weight 0.9 and
 * the rates 0.3 and 0.4 are remembered from the paper; the starts of u and v, ones and a little noise over the rank so that
 * the product starts near one, and the temperature 1 are ours.
 */
final class Mpt implements Method {
    private static final String NAME = "mpt";
    private static final String SHARED = "shared_prompt";
    private static final String COLUMNS = "task_columns";
    private static final String ROWS = "task_rows";
    private static final double NOISE = 0.02;

    @Override
    public MethodSpec spec() {
        return MethodSpec.named(NAME, "MPT")
                .of(Family.SOFT_PROMPT)
                .idea("One prompt for all tasks, times a low-rank matrix of each task.")
                .trains("The shared prompt, and two vectors for each task.")
                .cites(
                        "Wang, Panda, Karlinsky, Feris, Sun, Kim: Multitask Prompt Tuning Enables Parameter-Efficient "
                                + "Transfer Learning. ICLR 2023",
                        "https://arxiv.org/abs/2303.02861")
                .confidence(Confidence.RECONSTRUCTION)
                .learningRate(new Rates(3e-2, 3e-2, 0.3))
                .folds(Fold.COLLAPSES)
                .memory("Few moments; longer inputs in every layer; with teachers a second forward pass.")
                .settings(Start.after(
                        Setting.integer(
                                "length",
                                20,
                                1,
                                500,
                                "Number of prompt rows; they shorten the text. What is taken over has its own."),
                        Setting.integer("rank", 1, 1, 500, "Inner width of the matrix of a task."),
                        Setting.number(
                                "task_rate",
                                4.0 / 3,
                                1e-6,
                                1000,
                                "Learning rate of the tasks' matrices, relative to that of the shared prompt."),
                        Setting.choice(
                                "task_start",
                                "average",
                                List.of("average", "ones"),
                                "Start of a single task's matrix: the mean of those of the tasks before, or near"
                                        + " ones."),
                        Setting.number(
                                "distill",
                                0.9,
                                0,
                                1000,
                                "Weight of imitating the plain prompts of the tasks; 0 for none."),
                        Setting.number("temperature", 1.0, 1e-3, 1000, "Divides the logits that are compared.")));
    }

    @Override
    public boolean takesSources(Map<String, Object> settings) {
        return true;
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings) {
        return graft(vars, settings, Given.NOTHING);
    }

    @Override
    public <T extends TFloating> Graft<T> graft(Vars<T> vars, Settings settings, Given given) {
        return new Student<>(vars, settings, given);
    }

    /** The prompts that are learned. */
    private record Student<T extends TFloating>(Vars<T> vars, Settings settings, Given given) implements Graft<T> {
        @Override
        public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
            if (at.site() != Site.TOKENS) {
                return tokens;
            }
            int length = length(at.out());
            Operand<T> shared = vars.fresh(at, SHARED, shared(length, tokens.table(), at.out()), length, at.out());
            if (!given.several()) {
                return new SoftPrompt<>(vars, length, (own, place, table) -> own.tf()
                                .math
                                .mul(shared, own.tf().linalg.matMul(columns(at, length), rows(at))))
                        .embed(pass, at, tokens);
            }
            Ops tf = pass.tf();
            Operand<T> matrices = tf.train.batchMatMul(of(pass, columns(at, length)), of(pass, rows(at)), pass.type());
            return SoftPrompt.beforeEach(pass, tf.math.mul(matrices, shared), length, tokens);
        }

        @Override
        public Optional<Teacher<T>> teacher() {
            double weight = settings.number("distill");
            return given.several() && weight > 0
                    ? Optional.of(new Teacher<>(new Taught<>(vars, given), weight, settings.number("temperature")))
                    : Optional.empty();
        }

        private int length(int width) {
            return given.shared()
                    .map(source -> source.tensor(SHARED))
                    .map(made -> {
                        if (made.shape()[1] != width) {
                            throw CellFailure.yours(
                                    "The shared prompt has rows of width %s, expected %s. Maybe one of the same"
                                            + " backbone.",
                                    made.shape()[1], width);
                        }
                        return (int) made.shape()[0];
                    })
                    .orElseGet(() -> settings.integer("length"));
        }

        private Init shared(int length, Joint table, int width) {
            return given.shared()
                    .map(source -> source.tensor(SHARED).init())
                    .orElseGet(() -> Start.of(NAME, settings, length, table));
        }

        private Operand<T> columns(Joint at, int length) {
            return matrix(at, COLUMNS, length, settings.integer("rank"));
        }

        private Operand<T> rows(Joint at) {
            return matrix(at, ROWS, settings.integer("rank"), at.out());
        }

        /** Of one task [rows, columns], of several [tasks, rows, columns]. */
        private Operand<T> matrix(Joint at, String name, long rows, long columns) {
            long[] shape =
                    given.several() ? new long[] {given.tasks().size(), rows, columns} : new long[] {rows, columns};
            return vars.fresh(at + "." + name, Share.METHOD, settings.number("task_rate"), start(name, shape), shape);
        }

        private Init start(String name, long[] shape) {
            boolean mean = settings.text("task_start").equals("average");
            return given.shared()
                    .filter(source -> mean && !given.several())
                    .map(source -> mean(source.tensor(name), shape))
                    .orElseGet(() -> near(1 / Math.sqrt(settings.integer("rank"))));
        }

        /** Row i of a batch is of the task of example i. */
        private Operand<T> of(Pass<T> pass, Operand<T> matrices) {
            return pass.tf().gather(matrices, given.task(), pass.tf().constant(0), new Gather.Options[0]);
        }

        private static Init near(double value) {
            return (shape, random, weights) -> {
                double[] values = Init.normal(NOISE).values(shape, random, weights);
                java.util.Arrays.setAll(values, i -> value + values[i]);
                return values;
            };
        }

        private static Init mean(Made all, long[] shape) {
            int tasks = (int) all.shape()[0];
            int size = all.values().length / tasks;
            if (size != shape[0] * shape[1]) {
                throw CellFailure.yours(
                        "The matrices of the tasks before have %s numbers each, expected %s. Maybe the same rank.",
                        size, shape[0] * shape[1]);
            }
            double[] mean = new double[size];
            for (int i = 0; i < all.values().length; i++) {
                mean[i % size] += all.values()[i] / tasks;
            }
            return new Made(shape, mean).init();
        }
    }

    /** The plain prompts that teach. */
    private record Taught<T extends TFloating>(Vars<T> vars, Given given) implements Graft<T> {
        @Override
        public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
            if (at.site() != Site.TOKENS) {
                return tokens;
            }
            Ops tf = pass.tf();
            List<Operand<T>> prompts = given.tasks().stream()
                    .map(task ->
                            vars.lent(at + ".teacher." + task, teacher(task).rows()))
                    .toList();
            given.prompts(NAME, at.out());
            Operand<T> each = tf.gather(tf.stack(prompts), given.task(), tf.constant(0), new Gather.Options[0]);
            int length = (int) teacher(given.tasks().get(0)).rows().shape()[0];
            return SoftPrompt.beforeEach(pass, each, length, tokens);
        }

        private Source teacher(String task) {
            return given.prompts().stream()
                    .filter(prompt -> prompt.name().equals(task))
                    .findFirst()
                    .orElseThrow(() -> CellFailure.yours(
                            "mpt learns %s from a prompt of that task, and the sources are %s. Maybe pretrain it too,"
                                    + " or distill: 0.",
                            task,
                            given.prompts().isEmpty()
                                    ? "none"
                                    : String.join(
                                            ", ",
                                            given.prompts().stream()
                                                    .map(Source::name)
                                                    .toList())));
        }
    }
}
