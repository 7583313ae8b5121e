package dev.fewtune.graft;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.types.family.TFloating;

/** Two grafts at once: at each joint the second acts on what the first gives; what they change of linear maps adds up. */
public record Both<T extends TFloating>(Graft<T> first, Graft<T> second) implements Graft<T> {
    @Override
    public Operand<T> project(Pass<T> pass, Joint at, Operand<T> x, Operand<T> w) {
        Operand<T> plain = pass.tf().linalg.matMul(x, w);
        Operand<T> change = pass.tf().math.sub(second.project(pass, at, x, w), plain);
        return pass.tf().math.add(first.project(pass, at, x, w), change);
    }

    @Override
    public Operand<T> shift(Pass<T> pass, Joint at, Operand<T> y) {
        return second.shift(pass, at, first.shift(pass, at, y));
    }

    @Override
    public Operand<T> mapped(Pass<T> pass, Joint at, Operand<T> y) {
        return second.mapped(pass, at, first.mapped(pass, at, y));
    }

    @Override
    public Operand<T> block(Pass<T> pass, Joint at, Operand<T> in, Operand<T> out) {
        return second.block(pass, at, in, first.block(pass, at, in, out));
    }

    @Override
    public Embedded<T> embed(Pass<T> pass, Joint at, Embedded<T> tokens) {
        return second.embed(pass, at, first.embed(pass, at, tokens));
    }

    @Override
    public void begin(Pass<T> pass, Ladder<T> ladder) {
        first.begin(pass, ladder);
        second.begin(pass, ladder);
    }

    @Override
    public void tap(Pass<T> pass, Joint at, Operand<T> out) {
        first.tap(pass, at, out);
        second.tap(pass, at, out);
    }

    @Override
    public Operand<T> finish(Pass<T> pass, Joint at, Operand<T> states) {
        return second.finish(pass, at, first.finish(pass, at, states));
    }

    @Override
    public KeyValue<T> keyValue(Pass<T> pass, Joint at, Operand<T> in, KeyValue<T> kv) {
        return second.keyValue(pass, at, in, first.keyValue(pass, at, in, kv));
    }

    @Override
    public Optional<Operand<T>> penalty(Pass<T> pass) {
        return Stream.of(first, second)
                .flatMap(graft -> graft.penalty(pass).stream())
                .reduce((a, b) -> pass.tf().math.add(a, b));
    }

    @Override
    public List<Op> afterStep(Step<T> step) {
        return Stream.of(first, second)
                .flatMap(graft -> graft.afterStep(step).stream())
                .toList();
    }

    /** Those of the one that has several. */
    @Override
    public List<Phase<T>> phases() {
        return first.phases().size() > 1 ? first.phases() : second.phases();
    }

    @Override
    public Optional<Levels> levels() {
        return first.levels().or(second::levels);
    }

    @Override
    public Operand<T> head(Pass<T> pass, Joint at, Operand<T> w) {
        return second.head(pass, at, first.head(pass, at, w));
    }

    @Override
    public boolean trainsHead() {
        return first.trainsHead() && second.trainsHead();
    }

    @Override
    public Share trains(Joint at, Kind kind) {
        Share share = first.trains(at, kind);
        return share == Share.FROZEN ? second.trains(at, kind) : share;
    }
}
