/**
 * Stands in for the places of the document database, which no collection of ours has: none is recognised, and none
 * can be made.
 */
const { leftOut } = require('./leftOut.cjs');

class Place {
  static validate() {
    return false;
  }

  constructor() {
    leftOut('Geo')();
  }
}

for (const name of 'Point LineString Polygon MultiPoint MultiLineString MultiPolygon'.split(' ')) {
  exports[name] = Place;
}
