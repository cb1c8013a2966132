//! The registrar keeps the hospitals and their public pages.

use medkey_protocol::{
    Address, Digest, SolCall,
    blocks::{Block, Header, HospitalPage},
    contract::IMembers,
};

use crate::{Medkey, chain::Progress, fault::Fault, ports::Ports};

impl<P: Ports> Medkey<P> {
    /// Adds a hospital.
    pub async fn add_hospital(&self, page: &HospitalPage, progress: Progress<'_>) -> Result<u64, Fault> {
        let page = self.store_page(page).await?.into();
        let call = IMembers::addHospitalCall { page }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    /// Changes a hospital's page.
    pub async fn edit_hospital(&self, id: u32, page: &HospitalPage, progress: Progress<'_>) -> Result<u64, Fault> {
        let page = self.store_page(page).await?.into();
        let call = IMembers::updateHospitalCall { hospital: id, page }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    /// Closes a hospital for new doctors.
    pub async fn close_hospital(&self, id: u32, progress: Progress<'_>) -> Result<u64, Fault> {
        let call = IMembers::closeHospitalCall { hospital: id }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    async fn store_page(&self, page: &HospitalPage) -> Result<Digest, Fault> {
        let header = Header::new(&self.at, Address::ZERO);
        let block = Block { header, body: page.clone() }.encode()?;
        self.store(&block).await?;
        Ok(block.digest)
    }
}
