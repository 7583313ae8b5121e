package dev.fewtune.method;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The first parts of the singular value decomposition of a matrix [rows, width], the largest values first. The entry of
 * largest size in each left vector is positive, so that the same matrix has the same parts everywhere.
 *
 * @param left [rows, rank], row-major
 * @param values [rank]
 * @param right [rank, width], row-major
 */
record Singular(double[] left, double[] values, double[] right) {
    /**
     * @param flat [rows, width], row-major
     * @param rank at most rows and width
     */
    static Singular of(double[] flat, int rows, int rank) {
        int width = flat.length / rows;
        RealMatrix matrix = new Array2DRowRealMatrix(rows, width);
        for (int i = 0; i < flat.length; i++) {
            matrix.setEntry(i / width, i % width, flat[i]);
        }
        SingularValueDecomposition all = new SingularValueDecomposition(matrix);
        double[] left = new double[rows * rank];
        double[] values = new double[rank];
        double[] right = new double[rank * width];
        for (int k = 0; k < rank; k++) {
            double sign = sign(all.getU().getColumn(k));
            values[k] = all.getSingularValues()[k];
            for (int row = 0; row < rows; row++) {
                left[row * rank + k] = sign * all.getU().getEntry(row, k);
            }
            for (int column = 0; column < width; column++) {
                right[k * width + column] = sign * all.getV().getEntry(column, k);
            }
        }
        return new Singular(left, values, right);
    }

    private static double sign(double[] vector) {
        double largest = 0;
        for (double entry : vector) {
            largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
        }
        return largest < 0 ? -1 : 1;
    }
}
