package io.elanus.adapters.embedded;

import io.elanus.common.object.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One page of keys, in order, found without looking into folders that cannot hold any.
final class ObjectListing {
  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<ObjectKey> found = new ArrayList<>();

  ObjectListing(Path root, String prefix, String after, int limit) {
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  List<ObjectKey> keys() throws IOException {
    walk(root, "");
    return List.copyOf(found);
  }

  /// @param start what all keys in `folder` begin with
  private void walk(Path folder, String start) throws IOException {
    for (String name : names(folder, start)) {
      if (found.size() == limit) {
        return;
      }
      if (name.endsWith("/")) {
        walk(root.resolve(name), name);
      } else if (name.startsWith(prefix) && name.compareTo(after) > 0) {
        found.add(new ObjectKey(name));
      }
    }
  }

  /// Keys and, with a slash at the end, folders, in the order of all keys.
  private List<String> names(Path folder, String start) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (Path entry : Folders.list(folder)) {
        String name = start + entry.getFileName();
        names.add(Files.isDirectory(entry) ? name + "/" : name);
      }
    } catch (NoSuchFileException _) {
      // emptied and removed meanwhile
    }
    return names.stream().filter(this::mayMatch).sorted().toList();
  }

  private boolean mayMatch(String name) {
    if (!name.endsWith("/")) {
      return name.startsWith(prefix);
    }
    boolean inPrefix = name.startsWith(prefix) || prefix.startsWith(name);
    boolean notBefore = name.compareTo(after) > 0 || after.startsWith(name);
    return inPrefix && notBefore;
  }
}
