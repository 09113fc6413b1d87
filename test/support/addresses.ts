/** Where goods can be sent that a test says no more of. */
export const LEEDS = {
  name: 'Ada Example',
  company: '',
  line1: '1 Market Street',
  line2: '',
  city: 'Leeds',
  region: '',
  postalCode: 'LS1 1AA',
  country: 'GB',
  phone: '+441130000000',
  email: '',
};
