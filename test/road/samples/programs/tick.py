from done import count

count("tick")
print("the tick was counted")
