/// Vectors in, neighbours out.
///
/// A [DenseVectors] is searched through a [VectorIndex]: a [FlatIndex] scans it, an [HnswIndex]
/// walks a graph, an [IvfIndex] looks through lists of near vectors; [IndexBuilder] makes both, over the vectors themselves
/// or over codes of them ([Quantization]). A search says how many neighbours it wants, how hard to look ([SearchParams])
/// and which rows may be returned ([AcceptedRows]); it gets that many [Neighbors] whenever that many rows are accepted.
/// Where only the head of a file of lists is here, [RemoteLists] tell which lists a search needs.
/// Who does not know how many are enough takes a [NeighborCursor], which goes on where it stopped; [NearestGroups] finds the nearest groups of rows by one.
/// [BinaryScan] and [SparseScan] search vectors of bits and sparse ones, which have queries of their own kind; a
/// [SparseIndex] finds what a [SparseScan] finds by the rows of each term. Bits that are MinHash signatures are searched by a
/// [MinHashScan], and a [MinHashIndex] finds the same by the rows of each value of a band.
/// Where a row has a list of vectors ([VectorLists]), a [ListIndex] over an index of all of them finds the rows that are most like a
/// list.
///
/// Inside, four things know nothing of each other: the graph (`HnswLinks`, walked by `HnswWalk`),
/// the score (`Scoring` by `Distances` of vectors or by `ScalarCodes`, and below them the kernels), the accepted rows, and the
/// collectors of what was found (`CandidatePool`, `NearestRows`). They speak of rows by ordinal and
/// of distances as floats where smaller is nearer, whatever the metric; a row with its distance is
/// one long (`NearKey`). Only where codes lie beside the links do graph and score share a record, and a walk of their own (`LinkedBitsWalk`). `SearchPlan` decides between scan and walk, `IndexFile` and the headers of
/// the kinds know the bytes of a file.
///
/// Nothing here starts a thread, opens a file to read, or keeps memory alive: executors, mapped
/// segments and cancellation come from the caller.
@NullMarked
package io.elanus.index;

import org.jspecify.annotations.NullMarked;
