"use strict";

// ReDoc shows its maker's logo from the maker's server; nothing here leaves this one.
// React sets the address of an image in both ways.
const image = HTMLImageElement.prototype;
const { setAttribute } = image;
const src = Object.getOwnPropertyDescriptor(image, "src");
const isElsewhere = (address) => new URL(address, location).host !== location.host;

image.setAttribute = function (name, value) {
  if (name !== "src" || !isElsewhere(value)) setAttribute.call(this, name, value);
};
Object.defineProperty(image, "src", {
  ...src,
  set(address) {
    if (!isElsewhere(address)) src.set.call(this, address);
  },
});
