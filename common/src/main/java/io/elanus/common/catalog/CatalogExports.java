package io.elanus.common.catalog;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The catalog exports in the bucket. Their names sort by age.
public final class CatalogExports {
  /// Older ones serve nobody but a person who looks for what was.
  public static final int KEPT = 16;

  private static final int PAGE = 1_000;

  private final ObjectStore objects;

  public CatalogExports(ObjectStore objects) {
    this.objects = objects;
  }

  /// @throws DbException `STORAGE_IO_FAILED`: it may be there
  public void add(CatalogExport export) {
    objects.create(export.key(), CatalogExportCodec.encode(export));
  }

  /// Deletes all but the newest [#KEPT]. Those of a coordinator that does not lead any more are older than its
  /// successor's, so who sweeps does not matter.
  public void sweep() {
    List<ObjectKey> all = list();
    all.subList(0, Math.max(0, all.size() - KEPT)).forEach(objects::delete);
  }

  /// The newest one that can be read, and those that are newer and cannot.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`
  public Newest newest() {
    List<String> damaged = new ArrayList<>();
    for (ObjectKey key : list().reversed()) {
      try {
        return new Newest(Optional.of(read(key)), damaged);
      } catch (DbException e) {
        if (e.code() == ErrorCode.STORAGE_IO_FAILED) {
          throw e;
        }
        damaged.add("%s: %s".formatted(key, e.text()));
      }
    }
    return new Newest(Optional.empty(), damaged);
  }

  /// @param damaged key and reason
  public record Newest(Optional<CatalogExport> export, List<String> damaged) {
    public Newest {
      damaged = List.copyOf(damaged);
    }
  }

  private CatalogExport read(ObjectKey key) {
    CatalogExport export = CatalogExportCodec.decode(objects.read(key));
    if (!export.key().equals(key)) {
      throw ErrorCode.CORRUPT.because("it holds the export %s", export.key());
    }
    return export;
  }

  /// Oldest first.
  private List<ObjectKey> list() {
    List<ObjectKey> all = new ArrayList<>();
    List<ObjectKey> page;
    do {
      String after = all.isEmpty() ? "" : all.getLast().value();
      page = objects.list(ObjectLayout.CATALOG, after, PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }
}
