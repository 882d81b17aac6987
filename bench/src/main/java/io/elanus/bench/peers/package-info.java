/// Our indexes beside hnswlib's and faiss's: [io.elanus.bench.peers.PeersCommand] starts each of them in a process of its
/// own ([io.elanus.bench.peers.Contender]), tells all to do the same in turns ([io.elanus.bench.peers.Race]), judges what
/// they find by one measure, and writes a table and a picture. [io.elanus.bench.peers.ContenderCommand] is such a process
/// of ours, `bench/peers/peer.py` one of theirs. The same processes tell [io.elanus.bench.peers.ConcurrentCommand] what several threads do
/// at once, and [io.elanus.bench.peers.AllocationCommand] what a search takes of the heap.
@NullMarked
package io.elanus.bench.peers;

import org.jspecify.annotations.NullMarked;
