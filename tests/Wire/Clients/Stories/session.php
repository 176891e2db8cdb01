<?php
// A web server whose sessions lie in Redis under a lock. Arguments: port, session, deed, count. "visit": so many requests, each of which counts a
// visit; "hold": takes the lock, says so and stays; "late": says so, and ends its request when told, maybe after its lock has ended.

[, $port, $session, $deed, $count] = $argv + [4 => 1];

function open(int $port, string $session): void
{
    session_id($session);
    $isOpen = session_start([
        'save_handler' => 'redis',
        'save_path' => "tcp://127.0.0.1:$port?prefix=session:&timeout=60&read_timeout=60",
        'use_cookies' => 0,
        'cache_limiter' => '',
        'gc_maxlifetime' => 1000,
    ]);
    if (!$isOpen) {
        fwrite(STDERR, "the session was not opened\n");
        exit(1);
    }
}

ini_set('redis.session.locking_enabled', '1');
ini_set('redis.session.lock_expire', $deed === 'visit' ? '600' : '1');
ini_set('redis.session.lock_retries', '-1');
ini_set('redis.session.lock_wait_time', '2000');

for ($i = 0; $i < $count; $i++) {
    open((int) $port, $session);
    $_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
    usleep(1000);
    if ($deed !== 'visit') {
        echo "held\n";
        fgets(STDIN);
    }
    session_write_close();
}

echo $_SESSION['visits'], "\n";
