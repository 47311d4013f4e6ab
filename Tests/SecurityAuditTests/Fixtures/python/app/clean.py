def add(left, right):
    assert isinstance(left, int)
    return left + right
