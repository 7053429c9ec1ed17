"""What the events of each area carry: a struct for each type, one file an area; `registry` gathers them."""
