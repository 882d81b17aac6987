package io.elanus.index;

import io.elanus.index.kernel.NativeRows;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the MinHash signatures that share a band with a query by their hashes in each band. Immutable; any number of threads may
/// search at once.
public final class MinHashIndex implements Index {
  private final List<MinHashBand> bands;
  private final Signatures signatures;

  private MinHashIndex(List<MinHashBand> bands, Signatures signatures) {
    this.bands = bands;
    this.signatures = signatures;
  }

  /// Opens the index in `file` over the `vectors` it was built from. Both are borrowed: their owner keeps them alive and
  /// unchanged while the index is in use.
  ///
  /// Reads every byte of the file once, and its structure again. Throws IndexCorruptException if a byte is not as
  /// written, if something leads nowhere, or if the index is over vectors of another count or size.
  public static MinHashIndex map(MemorySegment file, BitVectors vectors) {
    IndexFile.verify(file);
    return open(file, vectors);
  }

  /// As [#map], of a file whose bytes are known to be as they were written: only its structure is looked at.
  public static MinHashIndex open(MemorySegment file, BitVectors vectors) {
    MinHashHeader header = MinHashHeader.read(file);
    IndexFile.verify(
        header.count() == vectors.count() && header.rowBytes() == vectors.rowBytes(),
        "index is over %d vectors of %d bytes, opened with %d of %d",
        header.count(),
        header.rowBytes(),
        vectors.count(),
        vectors.rowBytes());
    MemorySegment bytes = NativeRows.plain(file);
    List<MinHashBand> bands =
        IntStream.range(0, header.bands())
            .mapToObj(band ->
                new MinHashBand(
                    header.hashes(bytes, band), header.rows(bytes, band), header.count()))
            .toList();
    bands.forEach(MinHashBand::verifyWhole);
    return new MinHashIndex(bands, new Signatures(vectors, header.elementBytes(), header.bands()));
  }

  /// Uses an index just built, without a file.
  public static MinHashIndex of(BuiltIndex built, BitVectors vectors) {
    return open(built.file(), vectors);
  }

  @Override
  public int count() {
    return signatures.count();
  }

  /// What it is over.
  public Signatures signatures() {
    return signatures;
  }

  /// What a [MinHashScan] of the same signatures finds, to the bit and in the same order.
  public Neighbors search(byte[] query, int k, Likeness likeness, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    SignatureQuery search = new SignatureQuery(signatures, query, likeness);
    int wanted = Math.min(k, accepted.cardinality(count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    NearestRows nearest = new NearestRows(wanted);
    for (int band = 0; band < bands.size(); band++) {
      offer(search, band, accepted, nearest);
    }
    return nearest.nearest(wanted, Metric.INNER_PRODUCT);
  }

  /// A row is offered by the first band that it shares with the query, and by no other.
  private void offer(SignatureQuery search, int band, AcceptedRows accepted, NearestRows nearest) {
    MinHashBand places = bands.get(band);
    int hash = search.hash(band);
    for (int place = places.first(hash); place < count() && places.hash(place) == hash; place++) {
      int row = places.row(place);
      if (accepted.accepts(row) && search.firstShared(row) == band) {
        nearest.offer(NearKey.of(search.distance(row), row));
      }
    }
  }
}
