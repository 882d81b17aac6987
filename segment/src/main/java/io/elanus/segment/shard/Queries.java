package io.elanus.segment.shard;

import java.util.List;

/// What is searched for, one or more of a kind.
public sealed interface Queries {
  int count();

  /// Those from `from` to before `to`.
  Queries some(int from, int to);

  /// One of them alone.
  default Queries only(int query) {
    return some(query, query + 1);
  }

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
    public Dense some(int from, int to) {
      return new Dense(vectors.subList(from, to));
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
    public Encoded some(int from, int to) {
      return new Encoded(vectors.subList(from, to));
    }
  }
}
