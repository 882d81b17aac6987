package io.elanus.segment.shard;

import java.util.List;

/// What is searched for, one or more of a kind.
public sealed interface Queries {
  int count();

  /// One of them alone.
  Queries only(int query);

  /// For fields of dense vectors of numbers, of the field's dimension each; not copied.
  record Dense(List<float[]> vectors) implements Queries {
    public Dense {
      vectors = List.copyOf(vectors);
    }

    @Override
    public int count() {
      return vectors.size();
    }

    @Override
    public Dense only(int query) {
      return new Dense(List.of(vectors.get(query)));
    }
  }

  /// For fields of bits and of sparse vectors, as a row of them has its bytes; not copied.
  record Encoded(List<byte[]> vectors) implements Queries {
    public Encoded {
      vectors = List.copyOf(vectors);
    }

    @Override
    public int count() {
      return vectors.size();
    }

    @Override
    public Encoded only(int query) {
      return new Encoded(List.of(vectors.get(query)));
    }
  }
}
