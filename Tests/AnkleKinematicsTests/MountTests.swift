import AnkleKinematics
import Motion
import Testing

@Suite("Mounts")
struct MountTests {
  @Test("Each axis that a mount names points where it says")
  func namedAxes() throws {
    let inShank: [(Mount.Direction, Vector3)] = [
      (.anterior, Vector3(1, 0, 0)), (.posterior, Vector3(-1, 0, 0)), (.proximal, Vector3(0, 1, 0)),
      (.distal, Vector3(0, -1, 0)), (.right, Vector3(0, 0, 1)), (.left, Vector3(0, 0, -1)),
    ]
    let axes = [("x", Vector3(1, 0, 0)), ("y", Vector3(0, 1, 0)), ("z", Vector3(0, 0, 1))]
    var mounts = Set<Quaternion>()
    var count = 0
    for (first, firstAxis) in axes {
      for (second, secondAxis) in axes where second != first {
        for (direction, image) in inShank {
          for (other, otherImage) in inShank where image.dot(otherImage) == 0 {
            let mount = try Mount("\(first)=\(direction.rawValue),\(second)=\(other.rawValue)")
            let q = mount.shankFromSensor
            #expect((q.rotate(firstAxis) - image).length < 1e-15)
            #expect((q.rotate(secondAxis) - otherImage).length < 1e-15)
            #expect(abs(q.lengthSquared - 1) < 1e-15)
            #expect(try Mount(mount.text) == mount)
            mounts.insert(q)
            count += 1
          }
        }
      }
    }
    #expect(count == 144)
    // All attitudes of a cube: each is met six times, once a pair of axes.
    #expect(mounts.count == 24)
  }

  @Test(
    "Signs, spaces, capitals and a third axis say the same",
    arguments: [
      "y=proximal,z=anterior", "z=anterior,y=proximal", "-y=distal,z=anterior", " Y = Proximal , +z = ANTERIOR ",
      "x=left,y=proximal", "x=left,y=proximal,z=anterior", "-x=right,-z=posterior",
    ])
  func sameMount(text: String) throws {
    let expected = try Mount("y=proximal,z=anterior").shankFromSensor
    let p = expected.conjugate * (try Mount(text).shankFromSensor)
    #expect(Vector3(p.x, p.y, p.z).length < 1e-15)
  }

  @Test("The normal form names two axes without signs, x before y before z")
  func normalForm() throws {
    #expect(try Mount("-z=posterior, -y=distal").text == "y=proximal,z=anterior")
    #expect(try Mount("z=anterior,y=proximal,x=left").text == "x=left,y=proximal")
  }

  @Test(
    "What is not a mount is refused with the reason",
    arguments: [
      ("", "AXIS=DIRECTION"), ("y", "AXIS=DIRECTION"), ("y=proximal=z", "AXIS=DIRECTION"),
      ("y=proximal,", "AXIS=DIRECTION"), ("y=proximal,,z=anterior", "AXIS=DIRECTION"), ("y=proximal", "two axes"),
      ("w=proximal,z=anterior", "not a sensor axis"), ("--y=proximal,z=anterior", "not a sensor axis"),
      ("y=up,z=anterior", "not a direction"), ("y=medial,z=anterior", "not a direction"),
      ("y=proximal,y=anterior", "given twice"), ("y=proximal,-y=distal", "given twice"),
      ("y=proximal,z=distal", "one line"), ("x=anterior,y=anterior", "one line"),
      ("x=right,y=proximal,z=anterior", "left-handed"), ("x=proximal,y=anterior,z=proximal", "one line"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: Mount.Unusable.self) { try Mount(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }
}
