package io.elanus.bench.vectors;

import java.util.Random;

/// Vectors that lie near a surface of few dimensions, as embeddings do: Gaussian points of it, turned into the whole
/// space by a fixed matrix, and some noise. Vector `id` is always the same.
public record LatentVectors(int dimension, float[] turn) {
  private static final int LATENT = 16;
  private static final float NOISE = 0.1f;

  public static LatentVectors of(int dimension) {
    Random random = new Random(7);
    float[] turn = new float[LATENT * dimension];
    for (int i = 0; i < turn.length; i++) {
      turn[i] = (float) random.nextGaussian();
    }
    return new LatentVectors(dimension, turn);
  }

  public float[] vector(long id) {
    Random random = new Random(id * 0x9E3779B97F4A7C15L);
    float[] vector = new float[dimension];
    for (int l = 0; l < LATENT; l++) {
      float weight = (float) random.nextGaussian();
      for (int d = 0; d < dimension; d++) {
        vector[d] += weight * turn[l * dimension + d];
      }
    }
    for (int d = 0; d < dimension; d++) {
      vector[d] += NOISE * (random.nextFloat() - 0.5f);
    }
    return vector;
  }
}
