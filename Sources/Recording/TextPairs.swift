/// Text keys with text values, each key once, in the order in which they were first set.
public struct TextPairs: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One key and its value.
  public struct Pair: Hashable, Sendable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// In the order in which they were given.
  public private(set) var pairs: [Pair] = []

  public init() {}

  /// A key that comes again replaces its earlier value.
  public init(_ pairs: some Sequence<Pair>) {
    // With a table of the places, so that a hostile file's many pairs do not take quadratic time.
    var places: [String: Int] = [:]
    for pair in pairs {
      if let place = places[pair.key] {
        self.pairs[place].value = pair.value
      } else {
        places[pair.key] = self.pairs.count
        self.pairs.append(pair)
      }
    }
  }

  /// A key that comes again replaces its earlier value.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// The key's value; setting nil takes the pair out.
  public subscript(key: String) -> String? {
    get { pairs.first { $0.key == key }?.value }
    set {
      let index = pairs.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): pairs[index].value = value
      case (let index?, nil): pairs.remove(at: index)
      case (nil, let value?): pairs.append(Pair(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Whether there is no pair.
  public var isEmpty: Bool { pairs.isEmpty }
}
