/** Debian's own boxes for Vagrant, by release. */
const vagrantBoxes = {bookworm: 'debian/bookworm64', trixie: 'debian/trixie64'} as const;

export type VagrantOptions = {
	readonly release?: keyof typeof vagrantBoxes;
	readonly name?: string;
	/** In megabytes. */
	readonly memory?: number;
	/** On VirtualBox's default private network, which allows 192.168.56.0/21. */
	readonly address?: string;
};

/**
 * Text of a Vagrantfile: a virtual machine with root's login by the person's own public key,
 * as a provider hands one over. No DNS or certificate server stands beside it.
 */
export function vagrantfile({
	release = 'bookworm',
	name = 'microblog',
	memory = 1024,
	address = '192.168.56.10',
}: VagrantOptions = {}): string {
	return `# A practice box for boxwizard.
#
#   vagrant up
#   boxwizard setup root@${address}
#   vagrant destroy
#
# Root logs in with the first public key found in ~/.ssh on this machine.

public_key = Dir.glob(File.expand_path("~/.ssh/*.pub")).sort.first
abort "No public key in ~/.ssh: make one with ssh-keygen -t ed25519" if public_key.nil?

Vagrant.configure("2") do |config|
  config.vm.box = "${vagrantBoxes[release]}"
  config.vm.hostname = "${name}"
  config.vm.network "private_network", ip: "${address}"
  config.vm.synced_folder ".", "/vagrant", disabled: true

  config.vm.provider "virtualbox" do |machine|
    machine.memory = ${memory}
  end
  config.vm.provider "libvirt" do |machine|
    machine.memory = ${memory}
  end

  config.vm.provision "file", source: public_key, destination: "/tmp/authorized_key"
  config.vm.provision "shell", inline: <<-SCRIPT
    install -d -m 700 /root/.ssh
    install -m 600 /tmp/authorized_key /root/.ssh/authorized_keys
    rm /tmp/authorized_key
  SCRIPT
end
`;
}
