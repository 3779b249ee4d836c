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
  let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
  while let entry = readdir(folder) {
    // The record ends with its name, wherever that ends: it is read in place.
    let name = String(cString: (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self))
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
