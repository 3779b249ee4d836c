/// Figures five rows high, drawn with full and half blocks, so that an angle can be read from across a treatment room.
enum LargeFigures {
  static let height = 5

  /// The rows of one character; an empty cell for what has no figure.
  static func rows(_ character: Character) -> [StaticString] {
    switch character {
    case "0": ["█▀▀█", "█  █", "█  █", "█  █", "█▄▄█"]
    case "1": ["  ▄█", "   █", "   █", "   █", "   █"]
    case "2": ["▀▀▀█", "   █", "█▀▀▀", "█   ", "█▄▄▄"]
    case "3": ["▀▀▀█", "   █", " ▀▀█", "   █", "▄▄▄█"]
    case "4": ["█  █", "█  █", "▀▀▀█", "   █", "   █"]
    case "5": ["█▀▀▀", "█   ", "▀▀▀█", "   █", "▄▄▄█"]
    case "6": ["█▀▀▀", "█   ", "█▀▀█", "█  █", "█▄▄█"]
    case "7": ["▀▀▀█", "   █", "   █", "   █", "   █"]
    case "8": ["█▀▀█", "█  █", "█▀▀█", "█  █", "█▄▄█"]
    case "9": ["█▀▀█", "█  █", "▀▀▀█", "   █", "▄▄▄█"]
    case "-": ["    ", "    ", "▀▀▀ ", "    ", "    "]
    case ".": [" ", " ", " ", " ", "▄"]
    case "°": ["█▀█", "▀▀▀", "   ", "   ", "   "]
    default: ["    ", "    ", "    ", "    ", "    "]
    }
  }

  /// The same for a terminal without these characters: every block is a `#`.
  static func plain(_ row: StaticString) -> String {
    String(row.description.map { $0 == " " ? " " : "#" })
  }
}
