print("talus")
