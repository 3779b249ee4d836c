/// Words of columns in the languages that apps and spreadsheets of their users write them in, in English.
enum ColumnTongues {
  private static let words: [String: [String]] = [
    // German
    "zeit": ["time"], "zeitstempel": ["timestamp"], "uhrzeit": ["time"], "datum": ["date"],
    "beschleunigung": ["acceleration"], "beschl": ["acceleration"], "lineare": ["linear"],
    "winkelgeschwindigkeit": ["angular", "velocity"], "drehrate": ["gyro"], "gyroskop": ["gyro"],
    "magnetfeld": ["magnetic"], "neigung": ["tilt"], "winkel": ["angle"],
    // French
    "temps": ["time"], "horodatage": ["timestamp"], "heure": ["time"], "accélération": ["acceleration"],
    "linéaire": ["linear"], "vitesse": ["velocity"], "angulaire": ["angular"], "inclinaison": ["tilt"],
    "magnétique": ["magnetic"],
    // Spanish, Portuguese and Italian
    "tiempo": ["time"], "tempo": ["time"], "fecha": ["date"], "hora": ["time"], "aceleración": ["acceleration"],
    "aceleracion": ["acceleration"], "aceleração": ["acceleration"], "accelerazione": ["acceleration"],
    "acelerómetro": ["accelerometer"], "acelerometro": ["accelerometer"], "accelerometro": ["accelerometer"],
    "giroscopio": ["gyroscope"], "giroscópio": ["gyroscope"], "velocidad": ["velocity"], "velocidade": ["velocity"],
    "velocità": ["velocity"], "angolare": ["angular"],
    // Dutch and Swedish
    "tijd": ["time"], "tijdstempel": ["timestamp"], "tid": ["time"], "versnelling": ["acceleration"],
    "hoeksnelheid": ["angular", "velocity"], "gyroscoop": ["gyroscope"],
    // Chinese
    "时间": ["time"], "加速度": ["acceleration"], "角速度": ["angular", "velocity"], "角度": ["angle"], "磁场": ["magnetic"],
    "四元数": ["quaternion"],
  ]

  /// A lower-case word in English words; itself where it is none of these. An axis may be written together with it.
  static func english(_ word: String) -> [String] {
    if let known = words[word] { return known }
    guard let last = word.last, let known = words[String(word.dropLast())] else { return [word] }
    return known + [String(last)]
  }
}
