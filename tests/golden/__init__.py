"""Golden vectors that the server's tests and the browser's read alike, and what makes them."""
