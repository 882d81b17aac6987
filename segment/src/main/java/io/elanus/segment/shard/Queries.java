package io.elanus.segment.shard;

import java.util.ArrayList;
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

  /// For fields of lists of vectors, a list each.
  record Lists(List<Queries> lists) implements Queries {
    public Lists {
      lists = List.copyOf(lists);
    }

    /// Of `vectors`, one after the other.
    ///
    /// @param lengths of the lists, as many in all as there are vectors
    public static Lists of(Queries vectors, List<Integer> lengths) {
      List<Queries> lists = new ArrayList<>(lengths.size());
      int from = 0;
      for (int length : lengths) {
        lists.add(vectors.some(from, from + length));
        from += length;
      }
      return new Lists(lists);
    }

    @Override
    public int count() {
      return lists.size();
    }

    @Override
    public Lists some(int from, int to) {
      return new Lists(lists.subList(from, to));
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
