import Glibc

/// What the C library says an error number means.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }

/// Text from a device or a process, fit to be shown: control characters, which could drive a terminal, become spaces.
func printable(_ text: String) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalars.append(" ")
    default: scalars.append(scalar)
    }
  }
  var words = String(scalars)[...]
  while words.first == " " { words.removeFirst() }
  while words.last == " " { words.removeLast() }
  return String(words)
}

/// The first bytes of a small file; nil when it cannot be read.
func smallFile(_ path: String, limit: Int = 65_536) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 4096)
  while bytes.count < limit {
    let count = read(descriptor, &part, part.count)
    if count <= 0 { break }
    bytes += part[..<count]
  }
  return bytes
}

/// The names in a folder, sorted; empty when it cannot be read.
func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The path with every symbolic link followed; nil when it leads nowhere.
func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
