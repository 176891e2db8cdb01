<?php
// phpredis over TLS: a pipeline, a transaction, a large value. Arguments: port, authority, and a certificate with its key if there is one.

[, $port, $authority] = $argv;
$stream = ['cafile' => $authority, 'verify_peer' => true, 'verify_peer_name' => true, 'peer_name' => 'localhost'];
if ($argc > 3) {
    $stream += ['local_cert' => $argv[3], 'local_pk' => $argv[4]];
}

function check(bool $holds, string $what): void
{
    if (!$holds) {
        fwrite(STDERR, "$what\n");
        exit(1);
    }
}

$client = new Redis();
check($client->connect('tls://127.0.0.1', (int) $port, 60, null, 0, 60, ['stream' => $stream]), 'connect');
check((bool) $client->ping(), 'ping');
$pipeline = $client->pipeline();
for ($number = 0; $number < 5000; $number++) {
    $pipeline->set("key:$number", "value $number");
    $pipeline->get("key:$number");
}
$replies = $pipeline->exec();
for ($number = 0; $number < 5000; $number++) {
    check($replies[2 * $number + 1] === "value $number", "value $number");
}
$large = str_repeat('abcdefghij', 500000);
$client->set('large', $large);
check($client->get('large') === $large, 'large');
check($client->multi()->incr('counter')->incr('counter')->exec() === [1, 2], 'multi');
echo "done\n";
