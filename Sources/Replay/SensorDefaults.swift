import Pipeline
import SensorProtocols

extension PipelineConfiguration {
  /// The configuration of a sensor before the user has said anything: the device page's mount, flagged as assumed.
  public init(_ description: ProtocolDescription) {
    self.init()
    protocolName = description.name
    mount = description.usualMount
    staticAngleSD = description.staticAngleSD
  }
}

extension PipelineConfiguration.FootSensor {
  /// A sensor on the foot before the user has said anything: the device's page says how it lies on a shin, which is no help here.
  public init(_ description: ProtocolDescription) {
    self.init()
    protocolName = description.name
    staticAngleSD = description.staticAngleSD
  }
}
