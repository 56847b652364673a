// A canvas that stays glued to the map while it is dragged and zoomed.
// Its painter draws in pixels of the canvas; toPixels turns [lon, lat] into such a pixel.
const GluedCanvas = L.Layer.extend({
  initialize(pane, painter) { this._paneName = pane; this._painter = painter; },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "glued leaflet-zoom-animated", map.getPane(this._paneName));
    this.canvas.setAttribute("aria-hidden", "true");
    map.on("moveend zoomend resize viewreset", this.reset, this);
    map.on("zoomanim", this._animate, this);
    map.on("zoom", this._follow, this);
    this.reset();
  },
  onRemove(map) {
    this.canvas.remove();
    map.off("moveend zoomend resize viewreset", this.reset, this);
    map.off("zoomanim", this._animate, this);
    map.off("zoom", this._follow, this);
  },
  reset() {
    const size = this._map.getSize(), margin = size.multiplyBy(0.15).round();
    const full = size.add(margin.multiplyBy(2)), ratio = Math.min(2, window.devicePixelRatio || 1);
    this.origin = this._map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    this._bounds = L.latLngBounds(this._map.layerPointToLatLng(this.origin), this._map.layerPointToLatLng(this.origin.add(full)));
    L.DomUtil.setPosition(this.canvas, this.origin);
    this.canvas.width = full.x * ratio;
    this.canvas.height = full.y * ratio;
    this.canvas.style.width = `${full.x}px`;
    this.canvas.style.height = `${full.y}px`;
    this.size = full;
    this._ratio = ratio;
    this._zoom = this._map.getZoom();
    this.repaint(true);
  },
  repaint(isMoved) {
    if (!this._map) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    context.clearRect(0, 0, this.size.x, this.size.y);
    context.lineCap = context.lineJoin = "round";
    this._painter(context, this, isMoved === true);
  },
  toPixels(lonlat) {
    const point = this._map.latLngToLayerPoint([lonlat[1], lonlat[0]]);
    return [point.x - this.origin.x, point.y - this.origin.y];
  },
  _follow() { this._transform(this._map.getZoom(), this._map.getCenter()); },
  _animate(event) { this._transform(event.zoom, event.center); },
  _transform(zoom, center) {
    const corner = this._map._latLngBoundsToNewLayerBounds(this._bounds, zoom, center).min;
    L.DomUtil.setTransform(this.canvas, corner, this._map.getZoomScale(zoom, this._zoom));
  },
});
