package io.elanus.standalone.rebuild;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a shard's manifests, newest first, until one is whole with all it names. Those before it are described,
/// those after it are not looked at: they cannot reach further.
final class ManifestSurvey {
  private static final int PAGE = 1_000;
  private static final Pattern NAME =
      Pattern.compile(".*/manifest/([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{16}\\.manifest");

  private final ObjectStore objects;
  private final ObjectCheck check;

  ManifestSurvey(ObjectStore objects, ObjectCheck check) {
    this.objects = objects;
    this.check = check;
  }

  FoundShard read(ShardId shard) {
    List<String> strangers = new ArrayList<>();
    List<FoundManifest> found = new ArrayList<>();
    for (ObjectKey key : newestFirst(shard)) {
      Matcher name = NAME.matcher(key.value());
      if (!name.matches()) {
        strangers.add(key + " is not the name of a manifest");
        continue;
      }
      FoundManifest manifest = look(shard, key, Long.parseUnsignedLong(name.group(1), 16));
      found.add(manifest);
      if (manifest.isWhole()) {
        break;
      }
    }
    return new FoundShard(shard, found, strangers);
  }

  /// Names sort by epoch, version, attempt.
  private List<ObjectKey> newestFirst(ShardId shard) {
    List<ObjectKey> all = new ArrayList<>();
    List<ObjectKey> page;
    do {
      String after = all.isEmpty() ? "" : all.getLast().value();
      page = objects.list(ObjectLayout.manifests(shard), after, PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all.reversed();
  }

  private FoundManifest look(ShardId shard, ObjectKey key, long epoch) {
    try {
      Manifest manifest = ManifestCodec.decode(objects.read(key));
      if (!ManifestStore.keyOf(manifest).equals(key) || !manifest.shard().equals(shard)) {
        throw ErrorCode.CORRUPT.because("it holds the manifest %s", ManifestStore.keyOf(manifest));
      }
      return new FoundManifest(key, epoch, Optional.of(manifest), problems(manifest));
    } catch (DbException e) {
      if (e.code() == ErrorCode.CORRUPT || e.code() == ErrorCode.STORAGE_KEY_NOT_FOUND) {
        return new FoundManifest(key, epoch, Optional.empty(), List.of(e.text()));
      }
      throw e;
    }
  }

  private List<String> problems(Manifest manifest) {
    List<FileRef> files =
        Stream.of(
                manifest.segments().stream().map(SegmentEntry::file),
                manifest.segments().stream()
                    .flatMap(segment -> segment.indexes().stream())
                    .map(IndexEntry::file),
                manifest.deleteFiles().stream().map(DeleteFileEntry::file))
            .flatMap(file -> file)
            .toList();
    return check.problems(files);
  }
}
